using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Networking;

/// <summary>A workload that is not a pod.</summary>
public sealed record WorkloadEntry : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public WorkloadEntrySpec Spec { get; init => field = value ?? new WorkloadEntrySpec(); } = new();

    public ConditionedStatus Status { get; init => field = value ?? new ConditionedStatus(); } = new();

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
