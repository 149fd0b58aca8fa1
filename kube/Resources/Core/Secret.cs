using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>A secret. Its values are never logged.</summary>
public sealed record Secret : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public string Type { get; init => field = value ?? ""; } = "";

    public ImmutableDictionary<string, byte[]> Data { get; init => field = value ?? ImmutableDictionary<string, byte[]>.Empty; } =
        ImmutableDictionary<string, byte[]>.Empty;

    public bool? Immutable { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
