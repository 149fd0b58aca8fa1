using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>Who looks after a kind of gateway.</summary>
public sealed record GatewayClassSpec
{
    public string ControllerName { get; init => field = value ?? ""; } = "";

    public string Description { get; init => field = value ?? ""; } = "";

    public ParametersReference? ParametersRef { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
