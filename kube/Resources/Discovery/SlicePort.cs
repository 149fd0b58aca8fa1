using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Discovery;

/// <summary>A port of every endpoint of a slice.</summary>
public sealed record SlicePort
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Absent means all ports.</summary>
    [JsonPropertyName("port")]
    public int? Number { get; init; }

    /// <summary>Empty means TCP.</summary>
    public string Protocol { get; init => field = value ?? ""; } = "";

    public string AppProtocol { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
