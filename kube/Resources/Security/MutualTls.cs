using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>Whether mutual TLS is demanded.</summary>
public sealed record MutualTls
{
    /// <summary><c>UNSET</c>, <c>DISABLE</c>, <c>PERMISSIVE</c> or <c>STRICT</c>; empty means <c>UNSET</c>.</summary>
    public string Mode { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
