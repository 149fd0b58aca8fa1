namespace Ambient.Lab.Processes;

/// <summary>
/// A process that the lab started. The start time, in clock ticks since boot, tells it from a later one with the same number.
/// </summary>
public sealed record ProcessRecord(ProcessRole Role, string Owner, int Id, long StartTime);
