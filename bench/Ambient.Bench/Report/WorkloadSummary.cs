using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Report;

/// <summary>Turns the blocks of a workload into its report.</summary>
internal static class WorkloadSummary
{
    private static readonly string[] ComparedFigures = [FigureName.Cpu, FigureName.P50, FigureName.P99];

    public static WorkloadReport Of(WorkloadSpec spec, string suite, IReadOnlyList<BlockRecord> blocks, int attempts)
    {
        string[] systems = [.. SystemName.Known.Where(name => blocks.Any(block => block.Visits.Any(visit => visit.System == name)))];
        ControlVerdict control = SameSystemControl.JudgeWorkload(blocks, SystemName.Ours, SystemName.OursAgain, spec.Figure);
        int accepted = blocks.Count(block => block.IsAccepted);
        return new WorkloadReport(
            spec,
            suite,
            systems.ToDictionary(name => name, name => BlockRatios.Medians(blocks, name)),
            control.IsVoid || accepted == 0 ? [] : Ratios(spec, blocks, systems),
            accepted,
            [.. blocks.Select(block => block.RejectedBecause).OfType<string>()],
            control,
            attempts,
            blocks);
    }

    /// <summary>The in-block A/A ratios, for the verdict on the whole run.</summary>
    public static IReadOnlyList<double> ControlRatios(WorkloadReport workload) =>
        BlockRatios.Of(workload.Blocks, SystemName.OursAgain, SystemName.Ours, workload.Spec.Figure);

    /// <summary>The same report without any ratio.</summary>
    public static WorkloadReport Voided(WorkloadReport workload) => workload with { Ratios = [] };

    private static List<RatioRow> Ratios(WorkloadSpec spec, IReadOnlyList<BlockRecord> blocks, string[] systems)
    {
        List<RatioRow> rows = [];
        foreach (string figure in ComparedFigures.Prepend(spec.Figure).Distinct())
        {
            foreach ((string system, string reference) in Pairs(systems))
            {
                if (BlockRatios.Of(blocks, system, reference, figure) is { Count: > 0 } ratios)
                {
                    rows.Add(new RatioRow(figure, system, reference, RatioEstimate.Of(ratios)));
                }
            }
        }

        return rows;
    }

    /// <summary>Ours against each, and each against the direct path.</summary>
    private static IEnumerable<(string System, string Reference)> Pairs(string[] systems) =>
        systems.Where(name => name != SystemName.Ours).Select(name => (SystemName.Ours, name))
            .Concat(systems.Where(name => name is not (SystemName.Direct or SystemName.Ours)).Select(name => (name, SystemName.Direct)));
}
