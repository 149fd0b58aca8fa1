using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Gateways;

/// <summary>How a listener treats TLS.</summary>
public sealed record ListenerTls
{
    /// <summary><c>Terminate</c> or <c>Passthrough</c>; empty means <c>Terminate</c>.</summary>
    public string Mode { get; init => field = value ?? ""; } = "";

    public ImmutableArray<CertificateReference> CertificateRefs { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableDictionary<string, string> Options { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } =
        ImmutableDictionary<string, string>.Empty;

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
