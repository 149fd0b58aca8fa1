using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>A service.</summary>
public sealed record Service : IKubernetesObject
{
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public ServiceSpec Spec { get; init => field = value ?? new ServiceSpec(); } = new();

    public ConditionedStatus Status { get; init => field = value ?? new ConditionedStatus(); } = new();

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
