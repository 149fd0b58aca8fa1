using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>A port that a container says it listens on.</summary>
public sealed record ContainerPort
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>1 to 65535.</summary>
    [JsonPropertyName("containerPort")]
    public int Number { get; init; }

    /// <summary>Empty means TCP.</summary>
    public string Protocol { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
