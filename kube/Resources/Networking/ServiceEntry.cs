using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>Names that the cluster does not know as services of its own.</summary>
public sealed record ServiceEntry : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public ServiceEntrySpec Spec { get; init => field = value ?? new ServiceEntrySpec(); } = new();

    public ServiceEntryStatus Status { get; init => field = value ?? new ServiceEntryStatus(); } = new();

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
