using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>What became of a pod.</summary>
public sealed record PodStatus
{
    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string Phase { get; init => field = value ?? ""; } = "";

    public string PodIP { get; init => field = value ?? ""; } = "";

    /// <summary>One for each family.</summary>
    public ImmutableArray<PodAddress> PodIPs { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Condition> Conditions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
