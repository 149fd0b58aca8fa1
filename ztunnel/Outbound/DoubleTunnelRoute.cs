using System.Collections.Immutable;
using System.Net;
using Ambient.Mesh.Identities;

namespace Ambient.Ztunnel.Outbound;

/// <summary>
/// Open a pooled tunnel to a network gateway and inside it a second one, never pooled, to the final proxy (node-proxy 1.7).
/// </summary>
/// <param name="GatewayEndPoint">The address of the gateway's HBONE listener.</param>
/// <param name="Authority">host name:service port, the CONNECT authority of both tunnels.</param>
/// <param name="GatewayIdentities">Expected of the gateway.</param>
/// <param name="InnerIdentities">Expected of the final proxy: the remote service's identities only. Empty means that no peer can be accepted.</param>
internal sealed record DoubleTunnelRoute(
    IPEndPoint GatewayEndPoint,
    string Authority,
    ImmutableArray<SpiffeId> GatewayIdentities,
    ImmutableArray<SpiffeId> InnerIdentities) : OutboundRoute
{
    /// <summary>The outer of the two tunnels: pooled like any other to that gateway.</summary>
    public TunnelRoute Outer => new(GatewayEndPoint, Authority, GatewayIdentities) { NextHop = NextHop, IntendedService = IntendedService };
}
