using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>A port of a service.</summary>
public sealed record ServicePort
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>1 to 65535.</summary>
    [JsonPropertyName("port")]
    public int Number { get; init; }

    /// <summary>The port of the pods, or its name; none means the service port.</summary>
    public IntOrString? TargetPort { get; init; }

    /// <summary>Empty means TCP.</summary>
    public string Protocol { get; init => field = value ?? ""; } = "";

    public string AppProtocol { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
