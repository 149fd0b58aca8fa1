using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>What became of a listener.</summary>
public sealed record ListenerStatus
{
    public string Name { get; init => field = value ?? ""; } = "";

    public int AttachedRoutes { get; init; }

    public ImmutableArray<RouteKind> SupportedKinds { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Condition> Conditions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
