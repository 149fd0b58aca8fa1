using System.Text;

namespace Ambient.Ztunnel.Configuration;

/// <summary>
/// The settings in force, printed once at start and shown by the admin pages. Tokens, header values and inline documents are
/// named but not shown.
/// </summary>
internal sealed class EffectiveConfiguration(ZtunnelOptions options)
{
    /// <summary>Name and value pairs in the order of the help text.</summary>
    public IReadOnlyList<(string Name, string Value)> Lines { get; } =
    [
        .. ProxyLines(options.Proxy), .. ListenerLines(options), .. SourceLines(options), .. SocketLines(options), .. ProcessLines(options),
    ];

    public override string ToString()
    {
        int width = Lines.Max(line => line.Name.Length);
        var text = new StringBuilder("effective configuration:\n");
        foreach ((string name, string value) in Lines)
        {
            text.Append("  ").Append(name.PadRight(width + 2)).Append(value.Length == 0 ? "-" : value).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> ProxyLines(ProxyOptions proxy) =>
    [
        ("runs", proxy.Enabled ? "proxy" : "DNS alone"),
        ("mode", proxy.Mode == ProxyMode.Shared ? "shared" : $"dedicated, for {proxy.DedicatedWorkload}"),
        ("own workload", proxy.Self?.ToString() ?? ""),
        ("node", proxy.NodeName ?? ""),
        ("network", proxy.Network),
        ("cluster", $"{proxy.ClusterId}, {proxy.ClusterDomain}"),
    ];

    private static IEnumerable<(string Name, string Value)> ListenerLines(ZtunnelOptions options) =>
    [
        ("outbound", options.Listeners.Outbound.ToString()),
        ("inbound", options.Listeners.Inbound.ToString()),
        ("inbound plaintext", options.Listeners.InboundPlaintext.ToString()),
        ("dns", options.Dns.Enabled ? $"{options.Dns.Address}, upstream from {options.Dns.ResolverPath}" : "off"),
        ("forwards", string.Join(", ", options.Listeners.Forwards)),
        ("original source", options.Listeners.OriginalSource switch { true => "required", false => "never", null => "where permitted" }),
        ("admin", $"{options.Admin.Admin}, metrics {options.Admin.Stats}, readiness {options.Admin.Readiness}"),
    ];

    private static IEnumerable<(string Name, string Value)> SourceLines(ZtunnelOptions options) =>
    [
        ("mesh", options.Mesh.LocalPath ?? (options.Mesh.LocalText is null ? options.Mesh.XdsAddress ?? "none" : "given in LOCAL_XDS")),
        ("pods", options.Pods.ListPath ?? ""),
        ("node agent", options.Pods.AgentSocket ?? ""),
        ("certificates", Certificates(options)),
        ("ignored", Ignored(options)),
    ];

    private static string Certificates(ZtunnelOptions options)
    {
        if (!options.Proxy.Enabled)
        {
            return "none";
        }

        CertificateOptions certificates = options.Certificates;
        string from = certificates.LocalRootDirectory.Length > 0 ? $"issued from {certificates.LocalRootDirectory}" : $"from {certificates.CaAddress}";
        string policy = certificates.Compliance == CompliancePolicy.PostQuantum ? ", key exchange by X25519MLKEM768 only" : "";
        return $"{from}, valid {Text(certificates.SecretTtl)}{policy}";
    }

    /// <summary>Settings that are valid and have no effect beside others.</summary>
    private static string Ignored(ZtunnelOptions options) => string.Join(", ", new[]
    {
        options.Mesh.UsesControlPlane || options.Mesh.XdsAddress is null ? null : $"{SettingNames.XdsAddress} (the mesh comes from a file)",
        options.Certificates.CaAddress is null || options.Certificates.LocalRootDirectory.Length == 0 ? null : $"{SettingNames.CaAddress} (certificates are issued here)",
        options.Certificates.AuthToken is null || options.Certificates.LocalRootDirectory.Length == 0 || options.Mesh.UsesControlPlane
            ? null
            : $"{SettingNames.AuthToken} (nobody is asked)",
        options.Proxy.Enabled || options.Listeners.Socks is null ? null : $"{SettingNames.EnableSocks5} (the proxy is off)",
        options.Proxy.Enabled || options.Listeners.Forwards.Count == 0 ? null : $"{SettingNames.Forward} (the proxy is off)",
    }.Where(text => text is not null));

    private static IEnumerable<(string Name, string Value)> SocketLines(ZtunnelOptions options) =>
    [
        ("packet mark", options.Sockets.PacketMark?.ToString() ?? "none"),
        ("keepalive", options.Sockets.Keepalive is { } keepalive
            ? $"after {Text(keepalive.Time)}, every {Text(keepalive.Interval)}, {keepalive.Retries} times"
            : "off"),
        ("tunnels", $"{options.Tunnels.MaxStreamsPerConnection} streams each, closed after {Text(options.Tunnels.UnusedReleaseTimeout)} unused"),
        ("windows", $"stream {options.Tunnels.StreamWindowBytes}, connection {options.Tunnels.ConnectionWindowBytes}, frame {options.Tunnels.MaxFrameBytes} bytes"),
    ];

    private static IEnumerable<(string Name, string Value)> ProcessLines(ZtunnelOptions options) =>
    [
        ("workers", options.Workers.Threads.ToString()),
        ("drain deadline", Text(options.Drain.Deadline)),
        ("log", $"{options.Telemetry.LogFilter}, {(options.Telemetry.LogFormat == LogFormat.Json ? "json" : "plain")}"),
        ("export", options.Telemetry.Otlp?.ToString() ?? "off"),
    ];

    private static string Text(TimeSpan duration) => DurationText.Format(duration);
}
