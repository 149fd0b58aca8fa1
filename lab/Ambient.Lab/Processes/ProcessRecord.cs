namespace Ambient.Lab.Processes;

/// <summary>
/// A process that the lab started. The start time, in clock ticks since boot, tells it from a later one with the same number.
/// </summary>
public sealed record ProcessRecord(ProcessRole Role, string Owner, int Id, long StartTime)
{
    /// <summary>Of a ztunnel: 0 or 1. Two of a node run side by side during an upgrade, on ports of their own for admin, metrics and readiness.</summary>
    public int Generation { get; init; }
}
