using System.Net;
using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Outbound;

/// <summary>What telemetry and the admin pages say of an outbound route.</summary>
internal static class OutboundReport
{
    public static ConnectionDescription Describe(OutboundRoute route, Workload source, IPEndPoint application, LocalWorkload local)
    {
        (IPEndPoint address, string? authority) = route switch
        {
            TunnelRoute tunnel => (tunnel.TunnelEndPoint, tunnel.Authority),
            DoubleTunnelRoute tunnel => (tunnel.GatewayEndPoint, tunnel.Authority),
            _ => (((PlainTcpRoute)route).Destination, null),
        };
        WorkloadDescription? destination = WorkloadDescriptions.Of(route.NextHop);
        return new ConnectionDescription(
            TrafficDirection.Outbound,
            application,
            WorkloadDescriptions.Of(source),
            SourceIdentity: authority is null ? null : local.IdentityTextIn(source),
            address,
            authority,
            WorkloadDescriptions.Of(route.IntendedService),
            destination,
            destination?.Identity,
            IsMutualTls: authority is not null);
    }

    public static TrackedConnection Track(
        ConnectionTable connections, LoopSocket downstream, OutboundRoute route, IPEndPoint application, IPEndPoint destination)
    {
        TrackedConnection tracked = new(connections, downstream.Loop, TrafficDirection.Outbound, application)
        {
            OriginalDestination = destination,
            ActualDestination = route switch
            {
                TunnelRoute tunnel => tunnel.TunnelEndPoint,
                DoubleTunnelRoute tunnel => tunnel.GatewayEndPoint,
                _ => ((PlainTcpRoute)route).Destination,
            },
            Protocol = route switch
            {
                TunnelRoute => PodConnectionProtocol.Hbone,
                DoubleTunnelRoute => PodConnectionProtocol.DoubleHbone,
                _ => PodConnectionProtocol.Tcp,
            },
        };
        connections.Add(tracked);
        return tracked;
    }

    /// <summary>
    /// The destination as the far end of a double tunnel proves and describes itself; what was known before is the gateway in between
    /// (node-proxy 1.7 step 5).
    /// </summary>
    public static ConnectionDescription OfFarEnd(ConnectionDescription gateway, HboneOpenResult farEnd, ToldSources told)
    {
        List<string> baggage = farEnd.Response!.FindAll("baggage"u8);
        return gateway with
        {
            Destination = baggage.Count == 0 ? null : told.Of(Baggage.Parse(baggage)),
            DestinationIdentity = PeerIdentity.SourceOf(farEnd.Stream!.Connection.Peer.UriSans)?.ToString(),
        };
    }
}
