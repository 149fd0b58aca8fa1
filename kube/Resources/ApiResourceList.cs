using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>What one group and version serves.</summary>
public sealed record ApiResourceList
{
    public string GroupVersion { get; init => field = value ?? ""; } = "";

    public ImmutableArray<ApiResource> Resources { get; init => field = value.IsDefault ? [] : value; } = [];
}
