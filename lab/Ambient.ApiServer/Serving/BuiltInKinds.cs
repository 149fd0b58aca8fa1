using System.Collections.Immutable;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>The kinds of Kubernetes itself that the mesh and its users need.</summary>
internal static class BuiltInKinds
{
    public static ServedKind Definitions { get; } =
        Define("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", namespaced: false, "crd", "crds");

    public static ServedKind Namespaces { get; } = Define("", "v1", "namespaces", "Namespace", namespaced: false, "ns") with
    {
        Columns = [new PrinterColumn("Status", "string", ".status.phase", 0)],
    };

    public static ServedKind TokenReviews { get; } = Define("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", namespaced: false);

    public static ImmutableArray<ServedKind> All { get; } =
    [
        Namespaces,
        Define("", "v1", "pods", "Pod", namespaced: true, "po") with
        {
            Columns =
            [
                new PrinterColumn("Status", "string", ".status.phase", 0),
                new PrinterColumn("IP", "string", ".status.podIP", 0),
                new PrinterColumn("Node", "string", ".spec.nodeName", 0),
            ],
        },
        Define("", "v1", "services", "Service", namespaced: true, "svc") with
        {
            Columns =
            [
                new PrinterColumn("Type", "string", ".spec.type", 0),
                new PrinterColumn("Cluster-IP", "string", ".spec.clusterIP", 0),
            ],
        },
        Define("", "v1", "nodes", "Node", namespaced: false, "no"),
        Define("", "v1", "secrets", "Secret", namespaced: true) with { HasStatus = false },
        Define("", "v1", "configmaps", "ConfigMap", namespaced: true, "cm") with { HasStatus = false },
        Define("", "v1", "serviceaccounts", "ServiceAccount", namespaced: true, "sa") with { HasStatus = false },
        Define("", "v1", "events", "Event", namespaced: true, "ev") with { HasStatus = false },
        Define("apps", "v1", "deployments", "Deployment", namespaced: true, "deploy"),
        Define("apps", "v1", "daemonsets", "DaemonSet", namespaced: true, "ds"),
        Define("apps", "v1", "replicasets", "ReplicaSet", namespaced: true, "rs"),
        Define("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", namespaced: true) with { HasStatus = false },
        Define("coordination.k8s.io", "v1", "leases", "Lease", namespaced: true) with { HasStatus = false },
        Define("rbac.authorization.k8s.io", "v1", "roles", "Role", namespaced: true) with { HasStatus = false },
        Define("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", namespaced: true) with { HasStatus = false },
        Define("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced: false) with { HasStatus = false },
        Define("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced: false) with { HasStatus = false },
        Define("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", namespaced: false, "pc") with { HasStatus = false },
        Define("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", namespaced: true, "netpol"),
        Definitions,
        TokenReviews,
    ];

    private static ServedKind Define(string group, string version, string plural, string kind, bool namespaced, params string[] shortNames) => new(
        group, version, plural, kind.ToLowerInvariant(), kind, [.. shortNames], namespaced, HasStatus: true, Schema: null);
}
