using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Report;

/// <summary>A figure of one system divided by that of another, over the accepted blocks.</summary>
internal sealed record RatioRow(string Figure, string System, string Reference, RatioEstimate Estimate);
