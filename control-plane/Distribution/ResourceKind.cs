namespace Ambient.ControlPlane.Distribution;

/// <summary>The kinds of resource a node proxy is given (control-plane-and-cni 5.1).</summary>
public enum ResourceKind
{
    /// <summary><c>istio.workload.Address</c> that holds a workload.</summary>
    Workload,

    /// <summary><c>istio.workload.Address</c> that holds a service.</summary>
    Service,

    /// <summary><c>istio.security.Authorization</c>.</summary>
    Authorization,
}
