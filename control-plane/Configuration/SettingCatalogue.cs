using Ambient.ControlPlane.Serving;

namespace Ambient.ControlPlane.Configuration;

/// <summary>Every setting, in the order of help. Names are istiod's where it has them.</summary>
public static class SettingCatalogue
{
    public const string CertificateFlag = "--tlsCertFile";
    public const string KeyFlag = "--tlsKeyFile";

    private const string Cluster = "Where the objects come from";
    private const string Mesh = "The mesh";
    private const string Serving = "What is served";
    private const string Statuses = "What is written";
    private const string Log = "The log";

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new(Cluster, "--kubeconfig", "", "FILE", "KUBECONFIG, the pod, ~/.kube/config", "How to reach the cluster.",
            (options, value) => options with { Cluster = options.Cluster with { Kubeconfig = value } }),
        new(Cluster, "--context", "", "NAME", "the file's current one", "The context of the kubeconfig.",
            (options, value) => options with { Cluster = options.Cluster with { Context = value } }),
        new(Cluster, "--manifests", "", "FOLDER", "none", "A folder of YAML in place of a cluster; it is followed.",
            (options, value) => options with { Cluster = options.Cluster with { Manifests = value } }),
        new(Mesh, "--clusterID", "CLUSTER_ID", "NAME", "Kubernetes", "The name of the cluster.",
            (options, value) => options with { Mesh = options.Mesh with { ClusterId = SettingValues.Text(value) } }),
        new(Mesh, "--domain", "", "DOMAIN", "cluster.local", "The DNS domain of the cluster's services.",
            (options, value) => options with { Mesh = options.Mesh with { ClusterDomain = SettingValues.Text(value) } }),
        new(Mesh, "", "TRUST_DOMAIN", "DOMAIN", "cluster.local", "The trust domain of identities.",
            (options, value) => options with { Mesh = options.Mesh with { TrustDomain = SettingValues.Text(value) } }),
        new(Mesh, "", "ROOT_NAMESPACE", "NAME", "istio-system", "The namespace whose policies apply to the whole mesh.",
            (options, value) => options with { Mesh = options.Mesh with { RootNamespace = SettingValues.Text(value) } }),
        new(Mesh, "", "NETWORK", "NAME", "none", "The network, where the system namespace has no topology.istio.io/network.",
            (options, value) => options with { Mesh = options.Mesh with { DefaultNetwork = value } }),
        new(Mesh, "", "PILOT_ENABLE_SERVICEENTRY_SELECT_PODS", "BOOL", "true", "Whether workloadSelector of a ServiceEntry selects pods too.",
            (options, value) => options with { Mesh = options.Mesh with { ServiceEntriesSelectPods = SettingValues.Switch(value) } }),
        new(Mesh, "", "AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", "BOOL", "false", "Whether policies marked dry-run are sent, to be logged.",
            (options, value) => options with { Mesh = options.Mesh with { DryRunPolicies = SettingValues.Switch(value) } }),
        new(Mesh, "", "PILOT_AUTO_ALLOW_WAYPOINT_POLICY", "BOOL", "false", "Whether a workload accepts its waypoint without a policy that says so.",
            (options, value) => options with { Mesh = options.Mesh with { AllowWaypointImplicitly = SettingValues.Switch(value) } }),
        new(Mesh, "", "PILOT_ENABLE_IP_AUTOALLOCATE", "BOOL", "true", "Whether ServiceEntries without addresses are given some.",
            (options, value) => options with { Mesh = options.Mesh with { AllocateAddresses = SettingValues.Switch(value) } }),
        new(Mesh, "", "PILOT_IP_AUTOALLOCATE_IPV4_PREFIX", "RANGE", "240.240.0.0/16", "From where they are given.",
            (options, value) => options with { Mesh = options.Mesh with { IPv4Pool = SettingValues.Prefix(value) } }),
        new(Mesh, "", "PILOT_IP_AUTOALLOCATE_IPV6_PREFIX", "RANGE", "2001:2::/48", "From where they are given.",
            (options, value) => options with { Mesh = options.Mesh with { IPv6Pool = SettingValues.Prefix(value) } }),
        new(Serving, "--secureGRPCAddr", "", "ADDRESS", ":15012", "Discovery in TLS, for node proxies; off: not served.",
            (options, value) => options with { Serving = options.Serving with { SecureAddress = SettingValues.Address(value) } }),
        new(Serving, "--grpcAddr", "", "ADDRESS", "127.0.0.1:15010", "Discovery without TLS, which asks nobody who it is; off: not served.",
            (options, value) => options with { Serving = options.Serving with { PlainAddress = SettingValues.Address(value) } }),
        new(Serving, "--httpAddr", "", "ADDRESS", ":8080", "Readiness, at /ready; off: not served.",
            (options, value) => options with { Serving = options.Serving with { HttpAddress = SettingValues.Address(value) } }),
        new(Serving, "--monitoringAddr", "", "ADDRESS", ":15014", "Metrics, at /metrics; off: not served.",
            (options, value) => options with { Serving = options.Serving with { MonitoringAddress = SettingValues.Address(value) } }),
        new(Serving, CertificateFlag, "", "FILE", "none", "The certificate of the TLS port with its chain, PEM; it is read again when it changes.",
            (options, value) => Files(options, files => files with { Certificate = value })),
        new(Serving, KeyFlag, "", "FILE", "none", "The key of that certificate, PEM.",
            (options, value) => Files(options, files => files with { Key = value })),
        new(Serving, "--caCertFile", "", "FILE", "none", "Authorities whose client certificates are believed, PEM.",
            (options, value) => Files(options, files => files with { ClientRoots = value })),
        new(Serving, "", "TOKEN_AUDIENCES", "LIST", "istio-ca", "For whom a caller's token must be.",
            (options, value) => options with { Serving = options.Serving with { TokenAudiences = SettingValues.List(value) } }),
        new(Statuses, "", "AMBIENT_ENABLE_STATUS", "BOOL", "true", "Whether conditions, events and addresses are written to the cluster.",
            (options, value) => options with { Statuses = options.Statuses with { IsEnabled = SettingValues.Switch(value) } }),
        new(Statuses, "", "POD_NAME", "NAME", "the host's name", "This replica among others.",
            (options, value) => options with { Statuses = options.Statuses with { Identity = SettingValues.Text(value) } }),
        new(Statuses, "", "POD_NAMESPACE", "NAME", "istio-system", "The system namespace: it has the lease, and the label of the network.",
            (options, value) => options with
            {
                Statuses = options.Statuses with { Namespace = SettingValues.Text(value) },
                Mesh = options.Mesh with { SystemNamespace = value },
            }),
        new(Log, "--log_output_level", "", "LEVEL", "info", "debug, info, warn or error.",
            (options, value) => options with { LogLevel = SettingValues.Level(value) }),
    ];

    private static ControlPlaneOptions Files(ControlPlaneOptions options, Func<CertificateFiles, CertificateFiles> set) => options with
    {
        Serving = options.Serving with { Certificate = set(options.Serving.Certificate ?? new CertificateFiles("", "", null)) },
    };
}
