using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>An object of any kind: what is not metadata is kept as it came. <see cref="TypeOf"/> tells where a kind is served.</summary>
public sealed record UntypedObject : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    /// <summary>Everything beside the metadata, such as <c>spec</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>A kind that is known by what the API server says of it alone.</summary>
    public static ResourceType<UntypedObject> TypeOf(string group, string version, string plural, string kind, bool namespaced) =>
        new(group, version, plural, kind, namespaced, ClientJsonOptions.Of<UntypedObject>());
}
