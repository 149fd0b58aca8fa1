using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>Labels that a workload must have.</summary>
public sealed record WorkloadSelector
{
    public ImmutableDictionary<string, string> Labels { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } =
        ImmutableDictionary<string, string>.Empty;

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
