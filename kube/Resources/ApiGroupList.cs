using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>The groups that are served, without the core group.</summary>
public sealed record ApiGroupList
{
    public ImmutableArray<ApiGroup> Groups { get; init => field = value.IsDefault ? [] : value; } = [];
}
