using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>Who may act alone, until when: what leader election writes.</summary>
public sealed record Lease : IKubernetesObject
{
    public static ResourceType<Lease> Type { get; } =
        new("coordination.k8s.io", "v1", "leases", "Lease", Namespaced: true, ClientJsonOptions.Of<Lease>());

    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public LeaseSpec Spec { get; init => field = value ?? new LeaseSpec(); } = new();

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
