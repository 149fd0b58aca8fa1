using Ambient.Ztunnel.Otlp;
using static Ambient.Ztunnel.Configuration.SettingNames;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Every setting that can be given, in the order of the help text. Flags, help and error texts come from here.</summary>
internal static class SettingCatalogue
{
    private const string Bool = "true or false";
    private const string Duration = "a duration such as 10s, 5m or 1h30m";
    private const string Address = "ADDRESS:PORT, IPv6 in brackets";
    private const string Bind = "localhost:PORT, *:PORT or ADDRESS:PORT";

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new(EnableProxy, SettingArea.Proxy, "true", Bool, "run the L4 proxy; false leaves the DNS proxy alone"),
        new(SettingNames.ProxyMode, SettingArea.Proxy, "shared", "shared or dedicated", "serve many pods, or one workload in this network namespace"),
        new(ProxyWorkloadInfo, SettingArea.Proxy, "", "NAMESPACE/NAME/SERVICE-ACCOUNT", "the workload served in dedicated mode"),
        new(SettingNames.Network, SettingArea.Proxy, "", "a network id", "network that this node is in"),
        new(NodeName, SettingArea.Proxy, "", "a name", "node that this proxy serves"),
        new(ClusterId, SettingArea.Proxy, "Kubernetes", "a name", "cluster id; ISTIO_META_CLUSTER_ID overrides it"),
        new(ClusterDomain, SettingArea.Proxy, "cluster.local", "a DNS domain", "suffix of service names"),
        new(PreferredServiceNamespace, SettingArea.Proxy, "", "a namespace", "preferred when several services share a name"),
        new(LocalhostAppTunnel, SettingArea.Proxy, "true", Bool, "reach an application tunnel over loopback"),
        new(EnableResponseBaggage, SettingArea.Proxy, "true", Bool, "exchange workload descriptions in tunnel answers"),
        new(EnableSocks5, SettingArea.Proxy, "false", Bool, "SOCKS5 listener"),
        new(SettingNames.ProxyConfig, SettingArea.Proxy, "", "YAML or JSON", "proxy configuration; overrides ./etc/istio/config/mesh"),
        new(PodName, SettingArea.Proxy, "", "a name", "pod that this proxy runs in"),
        new(PodNamespace, SettingArea.Proxy, "", "a namespace", "namespace of that pod"),
        new(ServiceAccount, SettingArea.Proxy, "", "a name", "service account of that pod"),
        new(TrustDomain, SettingArea.Proxy, "cluster.local", "a trust domain", "trust domain shown for the proxy itself"),
        new(InstanceIp, SettingArea.Proxy, "", "an IP address", "address of that pod"),
        new(OutboundAddress, SettingArea.Listeners, "[::]:15001", Address, "listener for captured outbound traffic"),
        new(InboundPlaintextAddress, SettingArea.Listeners, "[::]:15006", Address, "listener for captured plaintext inbound traffic"),
        new(InboundAddress, SettingArea.Listeners, "[::]:15008", Address, "listener for HBONE"),
        new(Socks5Address, SettingArea.Listeners, "127.0.0.1:15080", Address, "listener for SOCKS5, where it is enabled"),
        new(Forward, SettingArea.Listeners, "", "LOCAL=DESTINATION, both ADDRESS:PORT", "listen on LOCAL, treat connections as captured on the way to DESTINATION")
        {
            IsList = true,
        },
        new(Ipv6Enabled, SettingArea.Listeners, "true", Bool, "listen on IPv6 too"),
        new(EnableOriginalSource, SettingArea.Listeners, "(probe)", Bool, "connect to applications from the caller's address"),
        new(DnsCapture, SettingArea.Listeners, "true", "true, or anything else for no", "answer the names of captured DNS queries"),
        new(DnsProxyAddress, SettingArea.Listeners, "localhost:15053", "localhost:PORT or ADDRESS:PORT", "listener for captured DNS queries, UDP and TCP"),
        new(ResolverFile, SettingArea.Listeners, "/etc/resolv.conf", "a resolv.conf file", "upstream resolvers for names that the mesh does not know"),
        new(SettingNames.Pods, SettingArea.Pods, "", "a YAML file", "pods to serve in shared mode, instead of asking a node agent: uid, name, namespace, serviceAccount, netns"),
        new(InpodUds, SettingArea.Pods, PodOptions.DefaultAgentSocket, "a path", "socket of the node agent that tells the pods to serve in shared mode"),
        new(InpodPortReuse, SettingArea.Pods, "true", Bool, "let two generations listen in a pod during an upgrade"),
        new(LocalXdsPath, SettingArea.Mesh, "", "a YAML file", "workloads, services and policies; reloaded when the file changes"),
        new(LocalXds, SettingArea.Mesh, "", "inline YAML", "the same, given in place"),
        new(XdsAddress, SettingArea.Mesh, "", "https://HOST:PORT, or empty for none", "control plane; in Kubernetes istiod unless a local file is given"),
        new(XdsOnDemand, SettingArea.Mesh, "false", Bool, "ask the control plane for workloads when they are needed"),
        new(XdsRootCa, SettingArea.Mesh, "./var/run/secrets/istio/root-cert.pem", "a file, SYSTEM, or PEM", "roots that the control plane is verified with"),
        new(AltXdsHostname, SettingArea.Mesh, "", "a host name", "second name accepted for the control plane"),
        new(LocalRoot, SettingArea.Certificates, "", "a directory", "keep a root there and issue workload certificates from it"),
        new(SecretTtl, SettingArea.Certificates, "24h", Duration, "validity of workload certificates"),
        new(CaAddress, SettingArea.Certificates, "(istiod in a cluster)", "https://HOST:PORT", "certificate authority; not asked with a local root"),
        new(CaRootCa, SettingArea.Certificates, "./var/run/secrets/istio/root-cert.pem", "a file, SYSTEM, or PEM", "roots that the authority is verified with"),
        new(AltCaHostname, SettingArea.Certificates, "", "a host name", "second name accepted for the authority"),
        new(AuthToken, SettingArea.Certificates, "./var/run/secrets/tokens/istio-token", "a file or a token", "token shown to control plane and authority"),
        new(FakeCa, SettingArea.Certificates, "false", "false", "test builds of the foreign proxy only"),
        new(CrlPath, SettingArea.Certificates, "", "a file, PEM or DER", "certificate revocation lists; reloaded when the file changes"),
        new(Tls12Enabled, SettingArea.Certificates, "false", "false; workloads speak TLS 1.3 only", "allow TLS 1.2 between workloads"),
        new(SettingNames.CompliancePolicy, SettingArea.Certificates, "", "empty or pqc", "restrict cryptography between workloads: pqc is key exchange by X25519MLKEM768 only, which needs OpenSSL 3.5"),
        new(CipherSuites, SettingArea.Certificates, CipherSuiteList.DefaultText, "a comma list of suites, most preferred first", "TLS 1.3 suites offered and accepted between workloads"),
        new(PacketMark, SettingArea.Sockets, "1337 in shared mode", "a number from 0 to 4294967295", "firewall mark of the proxy's sockets"),
        new(KeepaliveEnabled, SettingArea.Sockets, "true", Bool, "TCP keepalive"),
        new(KeepaliveTime, SettingArea.Sockets, "180s", Duration, "idle time before the first probe"),
        new(KeepaliveInterval, SettingArea.Sockets, "180s", Duration, "time between probes"),
        new(KeepaliveRetries, SettingArea.Sockets, "9", "1 to 127", "probes lost before the connection is"),
        new(UserTimeoutEnabled, SettingArea.Sockets, "false", Bool, "bound unacknowledged data by the same time"),
        new(PoolMaxStreams, SettingArea.Tunnels, "100", "1 to 65535", "connections that share one tunnel"),
        new(PoolReleaseTimeout, SettingArea.Tunnels, "5m", Duration, "idle time before a tunnel is closed"),
        new(StreamWindow, SettingArea.Tunnels, "4194304", "65535 to 2147483647", "HTTP/2 window of a stream, in bytes"),
        new(ConnectionWindow, SettingArea.Tunnels, "16777216", "65535 to 2147483647", "HTTP/2 window of a tunnel, in bytes"),
        new(FrameSize, SettingArea.Tunnels, "1048576", "16384 to 16777215", "largest HTTP/2 frame accepted, in bytes"),
        new(AdminAddress, SettingArea.Admin, "localhost:15000", Bind, "admin pages"),
        new(StatsAddress, SettingArea.Admin, "*:15020", Bind, "metrics"),
        new(ReadinessAddress, SettingArea.Admin, "*:15021", Bind, "readiness"),
        new(RustLog, SettingArea.Telemetry, "info", "a comma list of LEVEL or TARGET=LEVEL", "what is logged"),
        new(SettingNames.LogFormat, SettingArea.Telemetry, "plain", "plain or json", "how it is logged"),
        new(AuthzPolicyInfoLogging, SettingArea.Telemetry, "false", Bool, "log the policy behind every decision at info"),
        new(OtlpEndpoint, SettingArea.Telemetry, "", "an http or https URL", "OTLP collector that metrics and connection spans go to; nothing is exported without it"),
        new(SettingNames.OtlpProtocol, SettingArea.Telemetry, "http/protobuf", "http/protobuf or grpc", "how the collector is spoken to"),
        new(OtlpHeaders, SettingArea.Telemetry, "", "NAME=VALUE,NAME=VALUE, percent-encoded", "headers of every export, for authentication"),
        new(OtelServiceName, SettingArea.Telemetry, "ztunnel", "a name", "service.name of what is exported"),
        new(SettingNames.TracesSampler, SettingArea.Telemetry, "parentbased_always_on", TraceSampler.AcceptedText, "which connections become spans"),
        new(TracesSamplerArgument, SettingArea.Telemetry, "1", "0 to 1", "share of traces that a traceidratio sampler takes"),
        new(MetricExportInterval, SettingArea.Telemetry, "60000", "100 to 86400000", "milliseconds between exports of metrics"),
        new(TerminationDeadline, SettingArea.Drain, "", Duration, "time given to open connections at the end"),
        new(TerminationGracePeriod, SettingArea.Drain, "", "seconds", "the pod's grace period; the deadline is 5 s less"),
        new(SettingNames.WorkerThreads, SettingArea.Workers, "(from the CPUs)", "a number, or a percentage of CPUs; 0 = all CPUs", "event loops"),
        new(CpuCount, SettingArea.Workers, "(CPUs seen)", "a CPU quantity such as 2 or 1500m", "CPUs to reckon with"),
        new(CpuLimit, SettingArea.Workers, "", "a CPU quantity such as 2 or 1500m", "CPU limit of the container"),
        new(CpuRequest, SettingArea.Workers, "", "a CPU quantity such as 2 or 1500m", "CPU request of the container"),
    ];
}
