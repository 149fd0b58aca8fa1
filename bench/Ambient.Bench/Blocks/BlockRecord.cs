namespace Ambient.Bench.Blocks;

/// <summary>One block: every system visited once in random order, the direct path at both ends.</summary>
/// <param name="RejectedBecause">Why it does not count; null when it counts.</param>
internal sealed record BlockRecord(
    string Workload,
    string Suite,
    IReadOnlyList<VisitRecord> Visits,
    BlockConditions Conditions,
    string? RejectedBecause)
{
    public bool IsAccepted => RejectedBecause is null;

    /// <summary>The figure of a system in this block; a system visited twice (the direct path) counts with its mean. Null when absent.</summary>
    public double? Figure(string system, string figure)
    {
        double[] values = [.. Visits.Where(visit => visit.System == system && visit.Figures.ContainsKey(figure)).Select(visit => visit.Figures[figure])];
        return values.Length == 0 ? null : values.Average();
    }
}
