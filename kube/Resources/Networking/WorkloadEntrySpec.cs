using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>A workload that is not a pod, by itself or inside a service entry.</summary>
public sealed record WorkloadEntrySpec
{
    /// <summary>An address, a name, or <c>unix:</c> and a path.</summary>
    public string Address { get; init => field = value ?? ""; } = "";

    /// <summary>The port of this workload for each port name.</summary>
    public ImmutableDictionary<string, uint> Ports { get; init => field = value ?? ImmutableDictionary<string, uint>.Empty; } =
        ImmutableDictionary<string, uint>.Empty;

    public ImmutableDictionary<string, string> Labels { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } =
        ImmutableDictionary<string, string>.Empty;

    public string Network { get; init => field = value ?? ""; } = "";

    /// <summary><c>region/zone/subzone</c>.</summary>
    public string Locality { get; init => field = value ?? ""; } = "";

    /// <summary>0 means unset.</summary>
    public uint Weight { get; init; }

    public string ServiceAccount { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
