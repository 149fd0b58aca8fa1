namespace Ambient.ControlPlane.Translation;

/// <summary>The labels and annotations that translation reads (control-plane-and-cni 1.1).</summary>
internal static class MeshLabels
{
    public const string UseWaypoint = "istio.io/use-waypoint";
    public const string UseWaypointNamespace = "istio.io/use-waypoint-namespace";
    public const string UseWaypointCanary = "istio.io/use-waypoint-canary";
    public const string UseWaypointCanaryNamespace = "istio.io/use-waypoint-canary-namespace";
    public const string IngressUseWaypoint = "istio.io/ingress-use-waypoint";
    public const string WaypointFor = "istio.io/waypoint-for";
    public const string Network = "topology.istio.io/network";
    public const string Region = "topology.kubernetes.io/region";
    public const string Zone = "topology.kubernetes.io/zone";
    public const string Subzone = "topology.istio.io/subzone";
    public const string Tunnel = "networking.istio.io/tunnel";
    public const string CanonicalName = "service.istio.io/canonical-name";
    public const string CanonicalRevision = "service.istio.io/canonical-revision";
    public const string WorkloadName = "service.istio.io/workload-name";
    public const string AutoAllocate = "networking.istio.io/enable-autoallocate-ip";
    public const string GatewayName = "gateway.networking.k8s.io/gateway-name";
    public const string ManagedBy = "gateway.istio.io/managed";
    public const string ConnectStrategy = "istio.io/connect-strategy";
    public const string SliceService = "kubernetes.io/service-name";
    public const string PodTemplateHash = "pod-template-hash";
    public const string DeploymentConfig = "deploymentconfig";

    /// <summary>Annotation of a pod, written by the node agent.</summary>
    public const string Redirection = "ambient.istio.io/redirection";

    /// <summary>Annotation of a Gateway or GatewayClass.</summary>
    public const string InboundBinding = "ambient.istio.io/waypoint-inbound-binding";

    /// <summary>Annotation beside the canary labels: percent.</summary>
    public const string CanaryWeight = "istio.io/use-waypoint-canary-weight";

    /// <summary>Annotation of a Namespace, Service or ServiceEntry.</summary>
    public const string TrafficDistribution = "networking.istio.io/traffic-distribution";

    /// <summary>Annotation of a Gateway: the account that its pods run as.</summary>
    public const string GatewayServiceAccount = "gateway.istio.io/service-account";

    /// <summary>Annotation of an AuthorizationPolicy.</summary>
    public const string DryRun = "istio.io/dry-run";
}
