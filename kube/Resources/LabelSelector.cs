using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>Which objects are meant, by their labels. All requirements must hold; an empty selector means every object.</summary>
public sealed record LabelSelector
{
    public ImmutableDictionary<string, string> MatchLabels { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } =
        ImmutableDictionary<string, string>.Empty;

    public ImmutableArray<LabelRequirement> MatchExpressions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
