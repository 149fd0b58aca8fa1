using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Policies;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Builds what policies judge, for the two inbound listeners (node-proxy 4.1).</summary>
internal static class InboundAuthorizer
{
    /// <summary>For a tunnel: the TCP peer, the verified identity, the pod's address and the resolved port.</summary>
    public static AuthorizationRequest ForTunnel(IPEndPoint downstream, SpiffeId? identity, ForwardRoute route) =>
        new(MeshIp.From(downstream.Address), route.DestinationIp, route.ResolvedPort, identity);

    /// <summary>For plaintext there is no identity, whatever the caller's address says (node-proxy 2.5).</summary>
    public static AuthorizationRequest ForPlaintext(IPEndPoint downstream, IPEndPoint originalDestination) =>
        new(MeshIp.From(downstream.Address), MeshIp.From(originalDestination.Address), (ushort)originalDestination.Port, null);
}
