namespace Ambient.Bench.Blocks;

/// <summary>What went on around a block.</summary>
/// <param name="StealShare">CPU time that the hypervisor took, as a share of all CPU time of the block.</param>
/// <param name="ForeignShare">CPU time of processes that are not the benchmark's, as a share of all CPU time of the block.</param>
/// <param name="DirectFirst">The direct path's main figure at the block's start; NaN without a direct path.</param>
/// <param name="DirectLast">The same at the block's end.</param>
/// <param name="Errors">Failed operations of all visits.</param>
/// <param name="FirstError">Message of the first of them.</param>
internal sealed record BlockConditions(
    double StealShare, double ForeignShare, double DirectFirst, double DirectLast, long Errors, string FirstError);
