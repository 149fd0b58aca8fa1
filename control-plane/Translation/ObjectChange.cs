using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Gateways;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Translation;

/// <summary>An object as it is now, or word that it is gone.</summary>
/// <param name="Key">Which object.</param>
/// <param name="Object">Null when it is gone. Parts of it are kept: it should have been read trimmed.</param>
public sealed record ObjectChange(ObjectKey Key, IKubernetesObject? Object)
{
    /// <exception cref="ArgumentException">It is of a kind that is not translated.</exception>
    public static ObjectChange Upsert(IKubernetesObject value) =>
        new(new ObjectKey(KindOf(value), value.Metadata.Namespace, value.Metadata.Name), value);

    public static ObjectChange Delete(ObjectKey key) => new(key, null);

    private static ObjectKind KindOf(IKubernetesObject value) => value switch
    {
        Pod => ObjectKind.Pod,
        Service => ObjectKind.Service,
        EndpointSlice => ObjectKind.EndpointSlice,
        Node => ObjectKind.Node,
        Namespace => ObjectKind.Namespace,
        ServiceEntry => ObjectKind.ServiceEntry,
        WorkloadEntry => ObjectKind.WorkloadEntry,
        Gateway => ObjectKind.Gateway,
        GatewayClass => ObjectKind.GatewayClass,
        PeerAuthentication => ObjectKind.PeerAuthentication,
        AuthorizationPolicy => ObjectKind.AuthorizationPolicy,
        _ => throw new ArgumentException($"{value.GetType().Name} is not translated", nameof(value)),
    };
}
