namespace Ambient.Ztunnel.Telemetry;

/// <summary>The metric families of this program (node-proxy 9.2).</summary>
internal static class MetricCatalogue
{
    public static MetricDefinition ConnectionsOpened { get; } =
        new("istio_tcp_connections_opened", MetricKind.Counter, "TCP connections opened", true);

    public static MetricDefinition ConnectionsClosed { get; } =
        new("istio_tcp_connections_closed", MetricKind.Counter, "TCP connections closed", true);

    public static MetricDefinition ReceivedBytes { get; } =
        new("istio_tcp_received_bytes", MetricKind.Counter, "Bytes from the initiating side of TCP connections", true);

    public static MetricDefinition SentBytes { get; } =
        new("istio_tcp_sent_bytes", MetricKind.Counter, "Bytes from the serving side of TCP connections", true);

    public static MetricDefinition ConnectionsFailed { get; } =
        new("istio_tcp_connections_failed", MetricKind.Counter, "TCP connections that ended in a failure", false);

    public static MetricDefinition SocketsOpen { get; } =
        new("istio_tcp_sockets_open", MetricKind.Gauge, "Accepted TCP sockets open now", false, "reporter");

    public static MetricDefinition OnDemandDns { get; } =
        new("istio_on_demand_dns", MetricKind.Counter, "Lookups of workloads that have a host name only", false);

    public static MetricDefinition XdsTerminations { get; } = new(
        "istio_xds_connection_terminations", MetricKind.Counter, "Streams from the control plane that ended", false, "reason");

    public static MetricDefinition XdsMessages { get; } =
        new("istio_xds_message", MetricKind.Counter, "Responses of the control plane", false, "url");

    public static MetricDefinition XdsMessageBytes { get; } =
        new("istio_xds_message_bytes", MetricKind.Counter, "Bytes of resources that the control plane sent", false, "url");

    public static MetricDefinition Build { get; } =
        new("istio_build", MetricKind.Gauge, "Version of this component", true, "component", "tag");

    public static MetricDefinition ActiveProxies { get; } =
        new("workload_manager_active_proxy_count", MetricKind.Gauge, "Pods served now", false);

    public static MetricDefinition PendingProxies { get; } =
        new("workload_manager_pending_proxy_count", MetricKind.Gauge, "Pods waiting to be served", false);

    public static MetricDefinition ProxiesStarted { get; } =
        new("workload_manager_proxies_started", MetricKind.Counter, "Pod proxies started", false);

    public static MetricDefinition ProxiesStopped { get; } =
        new("workload_manager_proxies_stopped", MetricKind.Counter, "Pod proxies stopped", false);

    public static MetricDefinition OpenFileDescriptors { get; } =
        new("process_open_fds", MetricKind.Gauge, "File descriptors open", true);

    public static MetricDefinition MaxFileDescriptors { get; } =
        new("process_max_fds", MetricKind.Gauge, "File descriptors that may be open", true);

    public static MetricDefinition Collections { get; } = new(
        "ambient_gc_collections", MetricKind.Counter, "Garbage collections of this generation or an older one", false, "generation");

    public static MetricDefinition CollectionPauses { get; } =
        new("ambient_gc_pause_seconds", MetricKind.Counter, "Time for which all threads stood still for the garbage collector", false);

    public static MetricDefinition LongestCollectionPause { get; } =
        new("ambient_gc_longest_pause_seconds", MetricKind.Gauge, "Longest pause of a garbage collection of any kind within the last 10 to 20 seconds", false);

    public static MetricDefinition LastFullCollectionPause { get; } =
        new("ambient_gc_last_full_pause_seconds", MetricKind.Gauge, "Longest pause of the latest collection of the whole heap", false);

    public static MetricDefinition CertificateExpiry { get; } = new(
        "ambient_certificate_expiry_timestamp_seconds",
        MetricKind.Gauge,
        "When the workload certificate in use ends, in seconds since 1970",
        false,
        "identity");

    public static MetricDefinition RevocationRejections { get; } = new(
        "istio_crl_policy_rejections",
        MetricKind.Counter,
        "Handshakes refused and connections ended because a revocation list names the peer's certificate",
        false,
        "reporter");

    public static MetricDefinition RevocationUntracked { get; } = new(
        "istio_crl_untracked_connections",
        MetricKind.Counter,
        "Connections that could not be put under the watch of revocation lists",
        false,
        "reporter");

    public static MetricDefinition RevokedCertificates { get; } =
        new("ambient_crl_revoked_certificates", MetricKind.Gauge, "Certificates named by the revocation lists in force", false);

    public static MetricDefinition CertificateFetchFailures { get; } =
        new("ambient_certificate_fetch_failures", MetricKind.Counter, "Workload certificates that could not be obtained", false);

    public static MetricDefinition DnsRequests { get; } =
        new("istio_dns_requests", MetricKind.Counter, "DNS queries of applications", false);

    public static MetricDefinition DnsUpstreamRequests { get; } =
        new("istio_dns_upstream_requests", MetricKind.Counter, "DNS queries forwarded to an upstream resolver", false);

    public static MetricDefinition DnsUpstreamFailures { get; } =
        new("istio_dns_upstream_failures", MetricKind.Counter, "DNS queries that no upstream resolver answered", false);

    public static MetricDefinition DnsUpstreamDuration { get; } =
        new("istio_dns_upstream_request_duration_seconds", MetricKind.Histogram, "Time that upstream resolvers took", false);

    public static MetricDefinition LogLinesDropped { get; } =
        new("ambient_log_lines_dropped", MetricKind.Counter, "Log lines lost because the output took no more", false);

    public static MetricDefinition SpansExported { get; } =
        new("ambient_otlp_spans_exported", MetricKind.Counter, "Spans that the OTLP collector took", false);

    public static MetricDefinition SpansDropped { get; } =
        new("ambient_otlp_spans_dropped", MetricKind.Counter, "Spans lost because the OTLP collector did not keep up or refused them", false);

    public static MetricDefinition ExportFailures { get; } =
        new("ambient_otlp_export_failures", MetricKind.Counter, "Requests that the OTLP collector did not take", false, "signal");
}
