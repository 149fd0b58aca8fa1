using Ambient.Grpc;

namespace Ambient.ControlPlane.Xds;

/// <summary>Holds a proxy to what its credential proves: its own namespace, account, pod and node (control-plane-and-cni 5.11).</summary>
public static class NodeScope
{
    /// <exception cref="GrpcException">PermissionDenied: the proxy claims to be another.</exception>
    public static void Require(ProxyNode node, CallerIdentity? caller)
    {
        if (caller is null)
        {
            return;
        }

        RequireSame("NAMESPACE", node.PodNamespace, caller.Namespace);
        RequireSame("SERVICE_ACCOUNT", node.ServiceAccount, caller.ServiceAccount);
        RequireSame("NODE_NAME", node.NodeName, caller.NodeName);
        RequireSame("pod", node.PodName, caller.PodName);
    }

    private static void RequireSame(string what, string claimed, string proven)
    {
        // A credential need not be bound to a pod or a node, and a proxy need not say its account.
        if (claimed.Length > 0 && proven.Length > 0 && !string.Equals(claimed, proven, StringComparison.Ordinal))
        {
            throw new GrpcException(
                GrpcStatusCode.PermissionDenied, $"the proxy says {what} '{claimed}', its credential proves '{proven}'");
        }
    }
}
