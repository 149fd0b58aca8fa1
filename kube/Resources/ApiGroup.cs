using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>A group that is served.</summary>
public sealed record ApiGroup
{
    public string Name { get; init => field = value ?? ""; } = "";

    public ImmutableArray<ApiGroupVersion> Versions { get; init => field = value.IsDefault ? [] : value; } = [];

    public ApiGroupVersion PreferredVersion { get; init => field = value ?? new ApiGroupVersion(); } = new();
}
