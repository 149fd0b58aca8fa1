using System.Collections.Immutable;
using System.Net;
using Ambient.Mesh.Identities;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Open a tunnel to the destination or its waypoint.</summary>
/// <param name="TunnelEndPoint">The address of the HBONE listener to dial.</param>
/// <param name="Authority">The CONNECT authority.</param>
/// <param name="ExpectedIdentities">At least one must be the peer's; the order belongs to the pool key (node-proxy 1.1.2).</param>
internal sealed record TunnelRoute(IPEndPoint TunnelEndPoint, string Authority, ImmutableArray<SpiffeId> ExpectedIdentities) : OutboundRoute;
