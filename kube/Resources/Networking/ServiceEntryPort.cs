using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>A port of a service entry.</summary>
public sealed record ServiceEntryPort
{
    public uint Number { get; init; }

    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary><c>HTTP</c>, <c>HTTPS</c>, <c>GRPC</c>, <c>HTTP2</c>, <c>MONGO</c>, <c>TCP</c> or <c>TLS</c>.</summary>
    public string Protocol { get; init => field = value ?? ""; } = "";

    /// <summary>0 means the same number.</summary>
    public uint TargetPort { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
