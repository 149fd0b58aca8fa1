namespace Ambient.Lab.Specs;

/// <summary>One node: a network namespace with a bridge, its pods, and one ztunnel.</summary>
public sealed record NodeSpec(string Name, IReadOnlyList<PodSpec> Pods);
