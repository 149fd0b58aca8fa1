namespace Ambient.Lab.Specs;

/// <summary>What a lab consists of: nodes with pods, services over the pods, and the policies in force at the start.</summary>
public sealed record LabSpec(
    string Name,
    IReadOnlyList<NodeSpec> Nodes,
    IReadOnlyList<ServiceSpec> Services,
    IReadOnlyList<PolicySpec> Policies)
{
    /// <summary>Namespace of policies that belong to no namespace of workloads, as istiod's root namespace.</summary>
    public const string RootNamespace = "istio-system";

    /// <summary>Each ztunnel is a workload of the mesh itself, under the address of its node (node-proxy 2.7).</summary>
    public bool ZtunnelsAreWorkloads { get; init; }

    /// <summary>The nodes are told of the mesh by a control plane over an API server; else each reads a file.</summary>
    public bool HasControlPlane { get; init; }

    /// <summary>From which all of it follows, given its name.</summary>
    public LabScenario Scenario { get; init; }

    public const string TrustDomain = "cluster.local";

    public const string ClusterId = "lab";

    /// <summary>Where HBONE is spoken in every pod.</summary>
    public const int HbonePort = 15008;

    /// <summary>Each as the nodes name it; one without a name when they name none.</summary>
    public IEnumerable<string> Networks => Nodes.Select(node => node.Network).Distinct(StringComparer.Ordinal);

    /// <summary>A ready-made lab.</summary>
    public static LabSpec Of(LabScenario scenario, string name) => scenario switch
    {
        LabScenario.Waypoint => WaypointLab.Build(name),
        LabScenario.TwoNetworks => TwoNetworksLab.Build(name),
        _ => DefaultLab.Build(name),
    };

    /// <summary>The same lab with no pod enrolled.</summary>
    public LabSpec WithoutMesh() => WithPods(pod => pod with { Enrolled = false }) with { HasControlPlane = false };

    /// <summary>The same lab with each pod replaced.</summary>
    public LabSpec WithPods(Func<PodSpec, PodSpec> change) => this with
    {
        Nodes = [.. Nodes.Select(node => node with { Pods = [.. node.Pods.Select(change)] })],
    };

    /// <summary>The same lab with one more pod, the last of a node.</summary>
    public LabSpec WithPod(string node, PodSpec pod) => this with
    {
        Nodes = [.. Nodes.Select(host => host.Name == node ? host with { Pods = [.. host.Pods, pod] } : host)],
    };

    public IEnumerable<PodSpec> Pods => Nodes.SelectMany(node => node.Pods);
}
