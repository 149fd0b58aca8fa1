namespace Ambient.Bench.Report;

/// <summary>One row of the table that the tunnel is held to.</summary>
/// <param name="Reference">The system that ours is divided by; null when the figure itself is limited.</param>
/// <param name="Floor">Must be reached.</param>
/// <param name="Aim">Should be reached.</param>
/// <param name="HigherIsBetter">Direction of both.</param>
internal sealed record Target(
    string Title, string Workload, string Figure, string? Reference, double Floor, double Aim, bool HigherIsBetter, string Unit = "");
