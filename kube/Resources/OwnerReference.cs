using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>Who made an object: a ReplicaSet for its pods.</summary>
public sealed record OwnerReference
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    public string Uid { get; init; } = "";

    public bool? Controller { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}
