using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>The namespaces from which one may attach.</summary>
public sealed record RouteNamespaces
{
    /// <summary><c>All</c>, <c>Same</c>, <c>Selector</c> or <c>None</c>; empty means <c>Same</c>.</summary>
    public string From { get; init => field = value ?? ""; } = "";

    public LabelSelector? Selector { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
