namespace Ambient.Bench.Blocks;

/// <summary>How a system was warmed before the first block.</summary>
/// <param name="Rounds">Rounds of every kind of load.</param>
/// <param name="IsSettled">Whether the last two rounds agreed within the tolerance.</param>
internal sealed record WarmUpRecord(string System, int Rounds, bool IsSettled);
