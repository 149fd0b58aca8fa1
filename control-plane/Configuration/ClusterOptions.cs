namespace Ambient.ControlPlane.Configuration;

/// <summary>Where the objects come from.</summary>
public sealed record ClusterOptions
{
    /// <summary>Null: as <c>KUBECONFIG</c>, the pod or the home directory says.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Null: the file's current one.</summary>
    public string? Context { get; init; }

    /// <summary>A folder of manifests in place of a cluster; null: a cluster.</summary>
    public string? Manifests { get; init; }
}
