using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Lab.Benchmarking;

/// <summary>All that was measured, rejected blocks too.</summary>
/// <param name="Facts">Name and value of what a reader must know of the run, in order.</param>
/// <param name="Blocks">In the order they were measured.</param>
public sealed record PodBenchReport(IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<BenchBlock> Blocks)
{
    public IReadOnlyList<BenchBlock> Accepted { get; } = [.. Blocks.Where(block => block.RejectedBecause is null)];

    /// <summary>Median over the accepted blocks.</summary>
    public double Median(BenchFigure figure, bool enrolled) =>
        Sample.Median(Accepted.Select(block => figure.Of(enrolled ? block.Enrolled : block.NotEnrolled)));

    /// <summary>Enrolled divided by not enrolled within each accepted block; blocks without both are left out.</summary>
    public RatioEstimate Ratio(BenchFigure figure) => RatioEstimate.Of(
        [.. Accepted.Select(block => figure.Of(block.Enrolled) / figure.Of(block.NotEnrolled)).Where(double.IsFinite)]);
}
