using Ambient.Bench.Blocks;
using Ambient.Bench.Workloads;

namespace Ambient.Bench.Report;

/// <summary>What is known of one workload in one suite.</summary>
/// <param name="Medians">System to figure to median over the accepted blocks.</param>
/// <param name="Ratios">Empty when the control voids the workload.</param>
/// <param name="Rejections">Reason of each rejected block.</param>
/// <param name="Attempts">1, or 2 when the first attempt was void and all its blocks were run again.</param>
/// <param name="Blocks">Everything that was measured, rejected blocks too.</param>
internal sealed record WorkloadReport(
    WorkloadSpec Spec,
    string Suite,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Medians,
    IReadOnlyList<RatioRow> Ratios,
    int Accepted,
    IReadOnlyList<string> Rejections,
    ControlVerdict Control,
    int Attempts,
    IReadOnlyList<BlockRecord> Blocks)
{
    public RatioRow? Ratio(string figure, string system, string reference) =>
        Ratios.FirstOrDefault(row => row.Figure == figure && row.System == system && row.Reference == reference);
}
