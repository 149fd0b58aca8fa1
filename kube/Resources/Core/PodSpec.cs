using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>What a pod was asked to be.</summary>
public sealed record PodSpec
{
    /// <summary>Empty until it is scheduled.</summary>
    public string NodeName { get; init => field = value ?? ""; } = "";

    public string ServiceAccountName { get; init => field = value ?? ""; } = "";

    public bool HostNetwork { get; init; }

    public ImmutableArray<Container> Containers { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Container> InitContainers { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
