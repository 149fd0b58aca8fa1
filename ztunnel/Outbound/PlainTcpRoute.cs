using System.Net;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Connect without encryption; the source address is not kept (node-proxy 2.3).</summary>
internal sealed record PlainTcpRoute(IPEndPoint Destination) : OutboundRoute;
