namespace Ambient.Transport.Lifetime;

/// <summary>How a drain went.</summary>
/// <param name="Aborted">Connections cut at the deadline.</param>
/// <param name="Abandoned">Cut, but their handlers had not ended when the wait was given up, which is a bug.</param>
public readonly record struct DrainOutcome(int Aborted, int Abandoned);
