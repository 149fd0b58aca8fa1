using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>An address of a gateway.</summary>
public sealed record GatewayAddress
{
    /// <summary><c>IPAddress</c> or <c>Hostname</c>; empty means <c>IPAddress</c>.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    public string Value { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
