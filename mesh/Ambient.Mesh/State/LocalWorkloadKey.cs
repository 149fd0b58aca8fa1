namespace Ambient.Mesh.State;

/// <summary>How a proxy names the workload that it serves: it knows the pod, not the workload's uid (node-proxy 2.2 step 4).</summary>
public readonly record struct LocalWorkloadKey(string Namespace, string ServiceAccount, string Name)
{
    /// <summary>The form of the access-log error: <c>service-account.namespace (name)</c>.</summary>
    public override string ToString() => $"{ServiceAccount}.{Namespace} ({Name})";
}
