namespace Ambient.Ztunnel.Configuration;

/// <summary>Everything that was set, one record per area. A component receives its own area, never this whole.</summary>
internal sealed record ZtunnelOptions(
    ProxyOptions Proxy,
    ListenerOptions Listeners,
    DnsOptions Dns,
    SocketOptions Sockets,
    TunnelOptions Tunnels,
    CertificateOptions Certificates,
    MeshSourceOptions Mesh,
    PodOptions Pods,
    AdminOptions Admin,
    TelemetryOptions Telemetry,
    DrainOptions Drain,
    WorkerOptions Workers,
    NodeMetadata Metadata)
{
    /// <summary>Reads and validates every area. A pure function: files were read and processors counted before.</summary>
    public static OptionsResult Read(SettingSource source, OptionsEnvironment environment)
    {
        ProxyConfigFile proxyConfig = ProxyConfigFile.Merge(source, environment.MeshFile, out IReadOnlyList<SettingError> fileErrors);
        var reader = new SettingReader(source.WithMetadata(proxyConfig.Metadata));
        ProxyOptions proxy = ProxyOptions.Read(reader);
        ListenerOptions listeners = ListenerOptions.Read(reader);
        DnsOptions dns = DnsOptions.Read(reader, proxy.Enabled);
        var options = new ZtunnelOptions(
            proxy,
            listeners,
            dns,
            SocketOptions.Read(reader, proxy.Mode),
            TunnelOptions.Read(reader),
            CertificateOptions.Read(reader, isNeeded: proxy.Enabled),
            MeshSourceOptions.Read(reader, proxyConfig, dns.Enabled),
            PodOptions.Read(reader, proxy.Mode),
            AdminOptions.Read(reader, proxyConfig, listeners.Ipv6Enabled),
            TelemetryOptions.Read(reader),
            DrainOptions.Read(reader),
            WorkerOptions.Read(reader, proxyConfig, environment.ProcessorCount),
            NodeMetadata.Read(reader, proxyConfig));
        IReadOnlyList<SettingError> errors = [.. fileErrors, .. reader.Errors];
        return errors.Count == 0 ? new OptionsResult(options, []) : new OptionsResult(null, errors);
    }
}
