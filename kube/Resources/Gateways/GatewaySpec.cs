using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>What a gateway was asked to be.</summary>
public sealed record GatewaySpec
{
    public string GatewayClassName { get; init => field = value ?? ""; } = "";

    public ImmutableArray<Listener> Listeners { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<GatewayAddress> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    public GatewayInfrastructure? Infrastructure { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
