namespace Ambient.Mesh.Policies;

public enum PolicyScope
{
    Global,
    Namespace,

    /// <summary>Applies only to workloads that name it.</summary>
    WorkloadSelector,
}
