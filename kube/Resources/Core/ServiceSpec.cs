using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>What a service was asked to be.</summary>
public sealed record ServiceSpec
{
    /// <summary>Empty means <c>ClusterIP</c>.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary><c>None</c> for a headless service.</summary>
    public string ClusterIP { get; init => field = value ?? ""; } = "";

    public ImmutableArray<string> ClusterIPs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary><c>IPv4</c>, <c>IPv6</c>.</summary>
    [JsonPropertyName("ipFamilies")]
    public ImmutableArray<string> IPFamilies { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<ServicePort> Ports { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Empty: endpoints are made by somebody else.</summary>
    public ImmutableDictionary<string, string> Selector { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } =
        ImmutableDictionary<string, string>.Empty;

    public string ExternalName { get; init => field = value ?? ""; } = "";

    public string InternalTrafficPolicy { get; init => field = value ?? ""; } = "";

    public string TrafficDistribution { get; init => field = value ?? ""; } = "";

    public bool PublishNotReadyAddresses { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
