namespace Ambient.ApiServer.Manifests;

/// <summary>Which folder is followed, and how.</summary>
/// <param name="Folder">It and what is below it; names that begin with a dot are left out.</param>
public sealed record ManifestFolderOptions(string Folder)
{
    /// <summary>How often it is looked at although nothing was heard of a change: network folders tell nothing.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a change it is read: an editor writes in several steps.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(200);

    public int MaxFiles { get; init; } = 10_000;

    public long MaxFileBytes { get; init; } = 64 * 1024 * 1024;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
