using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Discovery;

/// <summary>Whether an endpoint can be used; absent means unknown, which counts as ready.</summary>
public sealed record EndpointConditions
{
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
