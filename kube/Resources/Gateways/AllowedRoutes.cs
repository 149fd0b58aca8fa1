using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>Who may attach to a listener.</summary>
public sealed record AllowedRoutes
{
    public RouteNamespaces? Namespaces { get; init; }

    public ImmutableArray<RouteKind> Kinds { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
