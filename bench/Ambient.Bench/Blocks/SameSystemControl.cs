using System.Globalization;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Blocks;

/// <summary>
/// The A/A control. The same programs run twice under two names: where the harness sees a difference between them, it would see one anywhere.
/// </summary>
internal static class SameSystemControl
{
    /// <summary>Below this many blocks an even coin lands on one side in more than one run of twenty, so a single workload cannot be judged by itself.</summary>
    public const int LeastBlocksToJudge = 6;

    /// <summary>The verdict on one workload by its own blocks.</summary>
    public static ControlVerdict JudgeWorkload(IEnumerable<BlockRecord> blocks, string system, string again, string figure)
    {
        RatioEstimate estimate = BlockRatios.Estimate(blocks, again, system, figure);
        return estimate.Blocks switch
        {
            0 => new ControlVerdict(null, null),
            < LeastBlocksToJudge => new ControlVerdict(estimate, null),
            _ => new ControlVerdict(estimate, Condemn(estimate)),
        };
    }

    /// <summary>The verdict on the run: the ratios of all its workloads together.</summary>
    public static ControlVerdict JudgeRun(IEnumerable<IReadOnlyList<double>> ratiosOfWorkloads)
    {
        double[] pooled = [.. ratiosOfWorkloads.SelectMany(ratios => ratios)];
        RatioEstimate estimate = RatioEstimate.Of(pooled);
        return pooled.Length == 0 ? new ControlVerdict(null, null)
            : new ControlVerdict(estimate, pooled.Length < LeastBlocksToJudge ? null : Condemn(estimate));
    }

    private static string? Condemn(RatioEstimate estimate) => !estimate.ExcludesOne ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"the same system under two names differs: {estimate.Median:F3} [{estimate.Low:F3}, {estimate.High:F3}] over {estimate.Blocks} blocks excludes 1");
}
