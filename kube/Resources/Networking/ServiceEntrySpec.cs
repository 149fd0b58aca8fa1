using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>What a service entry declares.</summary>
public sealed record ServiceEntrySpec
{
    public ImmutableArray<string> Hosts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Addresses or prefixes.</summary>
    public ImmutableArray<string> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<ServiceEntryPort> Ports { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary><c>MESH_EXTERNAL</c> or <c>MESH_INTERNAL</c>.</summary>
    public string Location { get; init => field = value ?? ""; } = "";

    /// <summary><c>NONE</c>, <c>STATIC</c>, <c>DNS</c>, <c>DNS_ROUND_ROBIN</c> or <c>DYNAMIC_DNS</c>; empty means <c>NONE</c>.</summary>
    public string Resolution { get; init => field = value ?? ""; } = "";

    public ImmutableArray<WorkloadEntrySpec> Endpoints { get; init => field = value.IsDefault ? [] : value; } = [];

    public WorkloadSelector? WorkloadSelector { get; init; }

    public ImmutableArray<string> ExportTo { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> SubjectAltNames { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
