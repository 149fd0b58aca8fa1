using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>A pod.</summary>
public sealed record Pod : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public PodSpec Spec { get; init => field = value ?? new PodSpec(); } = new();

    public PodStatus Status { get; init => field = value ?? new PodStatus(); } = new();

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
