namespace Ambient.Ztunnel.Configuration;

/// <summary>The headings of the help text, in the order printed.</summary>
internal enum SettingArea
{
    Proxy,
    Listeners,
    Pods,
    Mesh,
    Certificates,
    Sockets,
    Tunnels,
    Admin,
    Telemetry,
    Drain,
    Workers,
}
