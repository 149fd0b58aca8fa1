using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>A port of a gateway.</summary>
public sealed record Listener
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string Hostname { get; init => field = value ?? ""; } = "";

    public int Port { get; init; }

    public string Protocol { get; init => field = value ?? ""; } = "";

    public ListenerTls? Tls { get; init; }

    public AllowedRoutes? AllowedRoutes { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
