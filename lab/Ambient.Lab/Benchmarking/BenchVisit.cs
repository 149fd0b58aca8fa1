using Ambient.Lab.Benchmarking.Load;

namespace Ambient.Lab.Benchmarking;

/// <summary>One load in one half of a block, with the CPU time that the lab's ztunnels used meanwhile.</summary>
public sealed record BenchVisit(HttpLoadResult Load, double CpuSeconds)
{
    /// <summary>CPU seconds per 1,000 operations, those of the warm-up included on both sides of the division.</summary>
    public double CpuPerThousand => Load.AllOperations > 0 ? CpuSeconds * 1000 / Load.AllOperations : double.NaN;
}
