namespace Ambient.ControlPlane.Translation;

/// <summary>The kinds of object that are translated.</summary>
public enum ObjectKind : byte
{
    Pod,
    Service,
    EndpointSlice,
    Node,
    Namespace,
    ServiceEntry,
    WorkloadEntry,
    Gateway,
    GatewayClass,
    PeerAuthentication,
    AuthorizationPolicy,
}
