using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>Which connections workloads accept.</summary>
public sealed record PeerAuthenticationSpec
{
    public PolicySelector? Selector { get; init; }

    public MutualTls? Mtls { get; init; }

    /// <summary>By port number of the workload.</summary>
    public ImmutableDictionary<string, MutualTls> PortLevelMtls { get; init => field = value ?? ImmutableDictionary<string, MutualTls>.Empty; } =
        ImmutableDictionary<string, MutualTls>.Empty;

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
