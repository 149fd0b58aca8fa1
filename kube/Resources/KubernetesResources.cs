using Ambient.Kube.Json;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Gateways;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.Kube.Resources;

/// <summary>The kinds of object that are read and written.</summary>
public static class KubernetesResources
{
    public static ResourceType<Pod> Pods { get; } = Define<Pod>("", "v1", "pods", "Pod");

    public static ResourceType<Service> Services { get; } = Define<Service>("", "v1", "services", "Service");

    public static ResourceType<Node> Nodes { get; } = Define<Node>("", "v1", "nodes", "Node", namespaced: false);

    public static ResourceType<Namespace> Namespaces { get; } = Define<Namespace>("", "v1", "namespaces", "Namespace", namespaced: false);

    public static ResourceType<Secret> Secrets { get; } = Define<Secret>("", "v1", "secrets", "Secret");

    public static ResourceType<ConfigMap> ConfigMaps { get; } = Define<ConfigMap>("", "v1", "configmaps", "ConfigMap");

    public static ResourceType<ServiceAccount> ServiceAccounts { get; } = Define<ServiceAccount>("", "v1", "serviceaccounts", "ServiceAccount");

    public static ResourceType<EndpointSlice> EndpointSlices { get; } = Define<EndpointSlice>("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");

    public static ResourceType<ServiceEntry> ServiceEntries { get; } = Define<ServiceEntry>("networking.istio.io", "v1", "serviceentries", "ServiceEntry");

    public static ResourceType<WorkloadEntry> WorkloadEntries { get; } = Define<WorkloadEntry>("networking.istio.io", "v1", "workloadentries", "WorkloadEntry");

    public static ResourceType<Gateway> Gateways { get; } = Define<Gateway>("gateway.networking.k8s.io", "v1", "gateways", "Gateway");

    public static ResourceType<GatewayClass> GatewayClasses { get; } = Define<GatewayClass>("gateway.networking.k8s.io", "v1", "gatewayclasses", "GatewayClass", namespaced: false);

    public static ResourceType<PeerAuthentication> PeerAuthentications { get; } = Define<PeerAuthentication>("security.istio.io", "v1", "peerauthentications", "PeerAuthentication");

    public static ResourceType<AuthorizationPolicy> AuthorizationPolicies { get; } = Define<AuthorizationPolicy>("security.istio.io", "v1", "authorizationpolicies", "AuthorizationPolicy");

    private static ResourceType<T> Define<T>(string group, string version, string plural, string kind, bool namespaced = true)
        where T : class, IKubernetesObject =>
        new(group, version, plural, kind, namespaced, KubernetesJson.WholeOf<T>()) { TrimmedJson = KubernetesJson.TrimmedOf<T>() };
}
