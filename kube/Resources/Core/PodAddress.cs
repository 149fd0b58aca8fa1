using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>An address of a pod.</summary>
public sealed record PodAddress
{
    [JsonPropertyName("ip")]
    public string IP { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
