using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>A kind of route.</summary>
public sealed record RouteKind
{
    public string Group { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
