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

    public const string TrustDomain = "cluster.local";

    public const string ClusterId = "lab";

    /// <summary>The same lab with no pod enrolled.</summary>
    public LabSpec WithoutMesh() => this with
    {
        Nodes = [.. Nodes.Select(node => node with { Pods = [.. node.Pods.Select(pod => pod with { Enrolled = false })] })],
    };

    public IEnumerable<PodSpec> Pods => Nodes.SelectMany(node => node.Pods);
}
