using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>One kind that a group and version serves, or a subresource of one (<c>pods/status</c>).</summary>
public sealed record ApiResource
{
    /// <summary>The plural, such as <c>pods</c>.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    public string SingularName { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public bool Namespaced { get; init; }

    public ImmutableArray<string> Verbs { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> ShortNames { get; init => field = value.IsDefault ? [] : value; } = [];
}
