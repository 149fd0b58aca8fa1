namespace Ambient.Kube.Resources;

/// <summary>A version of a group.</summary>
public sealed record ApiGroupVersion
{
    /// <summary>Such as <c>apps/v1</c>.</summary>
    public string GroupVersion { get; init => field = value ?? ""; } = "";

    public string Version { get; init => field = value ?? ""; } = "";
}
