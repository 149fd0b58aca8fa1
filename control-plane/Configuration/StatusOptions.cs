namespace Ambient.ControlPlane.Configuration;

/// <summary>Who writes statuses.</summary>
public sealed record StatusOptions
{
    /// <summary>The lease whose holder writes.</summary>
    public const string LeaseName = "ambient-status-writer";

    /// <summary>Whether anything is written at all (<c>AMBIENT_ENABLE_STATUS</c>).</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>This replica among others; unlike that of every other one.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Where the lease is.</summary>
    public string Namespace { get; init; } = "istio-system";
}
