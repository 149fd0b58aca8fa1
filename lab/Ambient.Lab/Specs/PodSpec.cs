using Ambient.Mesh.Workloads;

namespace Ambient.Lab.Specs;

/// <summary>One pod. Its addresses follow from its place in the lab; see <see cref="Plans.LabPlan"/>.</summary>
public sealed record PodSpec(string Name, string Namespace, string ServiceAccount)
{
    /// <summary>Redirected, and reached by others through HBONE.</summary>
    public bool Enrolled { get; init; } = true;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IWorkload? Workload { get; init; }

    /// <summary>Policies with workload selector scope that select this pod, as NAMESPACE/NAME.</summary>
    public IReadOnlyList<string> PolicyNames { get; init; } = [];

    /// <summary>Name of the pod that traffic to this one's addresses goes through, by HBONE (node-proxy 2.3.3); null for none.</summary>
    public string? Waypoint { get; init; }

    /// <summary>What the ztunnel does on the last hop with whatever arrives by HBONE; null for nothing special.</summary>
    public ApplicationTunnel? ApplicationTunnel { get; init; }

    /// <summary>
    /// The way into its network for pods of other networks. It is not enrolled: a ztunnel of its own takes what arrives by HBONE, and nothing
    /// that its workload sends is redirected.
    /// </summary>
    public bool IsNetworkGateway { get; init; }

    /// <summary>As the mesh calls it: TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT.</summary>
    public string Principal => $"{LabSpec.TrustDomain}/ns/{Namespace}/sa/{ServiceAccount}";
}
