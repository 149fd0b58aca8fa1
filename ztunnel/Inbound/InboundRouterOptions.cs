namespace Ambient.Ztunnel.Inbound;

/// <param name="Network">The proxy's own network (NETWORK).</param>
/// <param name="Ports">Own ports, for the self-call check.</param>
/// <param name="TunnelToLoopback">PROXY tunnels go to the loopback address (LOCALHOST_APP_TUNNEL).</param>
internal sealed record InboundRouterOptions(string Network, OwnPorts Ports, bool TunnelToLoopback = true)
{
    /// <summary>Of several services of one host name, after the local pod's namespace and a canonical one (PREFERED_SERVICE_NAMESPACE).</summary>
    public string? PreferredNamespace { get; init; }
}
