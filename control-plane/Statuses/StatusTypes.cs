using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Statuses;

/// <summary>Where the objects of each kind are served. Written fields alone are sent, so that their records are not needed.</summary>
public static class StatusTypes
{
    /// <summary>Kubernetes' own record of something that happened to an object.</summary>
    public static ResourceType<UntypedObject> Events { get; } = UntypedObject.TypeOf("", "v1", "events", "Event", namespaced: true);

    private static readonly Dictionary<ObjectKind, ResourceType<UntypedObject>> ByKind = new()
    {
        [ObjectKind.Pod] = Untyped(KubernetesResources.Pods),
        [ObjectKind.Service] = Untyped(KubernetesResources.Services),
        [ObjectKind.EndpointSlice] = Untyped(KubernetesResources.EndpointSlices),
        [ObjectKind.Node] = Untyped(KubernetesResources.Nodes),
        [ObjectKind.Namespace] = Untyped(KubernetesResources.Namespaces),
        [ObjectKind.ServiceEntry] = Untyped(KubernetesResources.ServiceEntries),
        [ObjectKind.WorkloadEntry] = Untyped(KubernetesResources.WorkloadEntries),
        [ObjectKind.Gateway] = Untyped(KubernetesResources.Gateways),
        [ObjectKind.GatewayClass] = Untyped(KubernetesResources.GatewayClasses),
        [ObjectKind.PeerAuthentication] = Untyped(KubernetesResources.PeerAuthentications),
        [ObjectKind.AuthorizationPolicy] = Untyped(KubernetesResources.AuthorizationPolicies),
    };

    public static ResourceType<UntypedObject> Of(ObjectKind kind) => ByKind[kind];

    private static ResourceType<UntypedObject> Untyped<T>(ResourceType<T> type)
        where T : class, IKubernetesObject =>
        UntypedObject.TypeOf(type.Group, type.Version, type.Plural, type.Kind, type.Namespaced);
}
