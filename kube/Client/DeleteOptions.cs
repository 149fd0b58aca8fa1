namespace Ambient.Kube.Client;

/// <summary>How to delete, and on which condition.</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete only the object with this id, not another that has its name by now; empty for any.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Delete only this version; empty for any.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>; empty for the kind's default.</summary>
    public string PropagationPolicy { get; init; } = "";

    /// <summary>How long its containers have to end; null for the object's own time.</summary>
    public int? GracePeriodSeconds { get; init; }

    public bool DryRun { get; init; }
}
