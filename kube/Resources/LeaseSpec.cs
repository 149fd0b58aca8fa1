using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>The holder of a lease and how long others must wait.</summary>
public sealed record LeaseSpec
{
    /// <summary>Empty when nobody holds it.</summary>
    public string HolderIdentity { get; init => field = value ?? ""; } = "";

    /// <summary>How long after the last renewal that a candidate saw it may take the lease, in seconds.</summary>
    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often the holder changed.</summary>
    public int LeaseTransitions { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
