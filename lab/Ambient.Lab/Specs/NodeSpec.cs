namespace Ambient.Lab.Specs;

/// <summary>One node: a network namespace with a bridge, its pods, and one ztunnel.</summary>
public sealed record NodeSpec(string Name, IReadOnlyList<PodSpec> Pods)
{
    /// <summary>Network that the node's pods are on. Between networks only network gateways are reached (node-proxy 1.7).</summary>
    public string Network { get; init; } = "";
}
