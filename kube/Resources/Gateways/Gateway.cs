using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>A gateway; a waypoint is one.</summary>
public sealed record Gateway : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public GatewaySpec Spec { get; init => field = value ?? new GatewaySpec(); } = new();

    public GatewayStatus Status { get; init => field = value ?? new GatewayStatus(); } = new();

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
