namespace Ambient.Ztunnel.Outbound;

/// <param name="Network">The proxy's own network (NETWORK).</param>
/// <param name="Ports">Own ports, for the self-call check.</param>
/// <param name="HbonePort">The port of every pod's HBONE listener.</param>
internal sealed record OutboundRouterOptions(string Network, OwnPorts Ports, int HbonePort = OwnPorts.Inbound);
