namespace Ambient.Lab.Specs;

/// <summary>Which workloads a policy applies to (node-proxy 4.2).</summary>
public enum PolicyScope
{
    Global,
    Namespace,
    WorkloadSelector,
}
