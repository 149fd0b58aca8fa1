namespace Ambient.ApiServer.Storage;

/// <summary>What the storage holds at most.</summary>
public sealed record ObjectStorageLimits
{
    public int MaxObjectsOfAKind { get; init; } = 500_000;

    /// <summary>The text of all objects together.</summary>
    public long MaxBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Past changes of a kind that a watch can begin with.</summary>
    public int MaxHistory { get; init; } = 20_000;

    /// <summary>Changes that a watch may be behind.</summary>
    public int MaxUnreadChanges { get; init; } = 20_000;

    /// <summary>Watches at a time.</summary>
    public int MaxWatches { get; init; } = 10_000;
}
