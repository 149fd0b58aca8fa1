using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>An address that was given to a host of a service entry.</summary>
public sealed record ServiceEntryAddress
{
    public string Value { get; init => field = value ?? ""; } = "";

    public string Host { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
