namespace Ambient.Lab.Benchmarking;

/// <summary>The two halves, measured one right after the other.</summary>
public sealed record BenchBlock(BenchHalf Enrolled, BenchHalf NotEnrolled)
{
    /// <summary>Null when the block counts. Any failed operation makes a block worthless: failing is fast.</summary>
    public string? RejectedBecause =>
        Enrolled.Fault is { } enrolled ? $"enrolled: {enrolled}"
        : NotEnrolled.Fault is { } notEnrolled ? $"not enrolled: {notEnrolled}"
        : null;
}
