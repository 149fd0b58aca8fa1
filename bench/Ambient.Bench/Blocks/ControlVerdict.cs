using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Blocks;

/// <summary>What the A/A control says: our pair against the same pair under another name.</summary>
/// <param name="Estimate">Ratio of the two; null when the control did not run.</param>
/// <param name="VoidBecause">Why no ratio of these blocks may be believed; null when they may.</param>
internal sealed record ControlVerdict(RatioEstimate? Estimate, string? VoidBecause)
{
    public bool IsVoid => VoidBecause is not null;
}
