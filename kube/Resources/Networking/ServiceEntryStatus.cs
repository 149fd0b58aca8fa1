using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>What was decided about a service entry.</summary>
public sealed record ServiceEntryStatus
{
    public ImmutableArray<Condition> Conditions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Addresses that were given to it.</summary>
    public ImmutableArray<ServiceEntryAddress> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    public long ObservedGeneration { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
