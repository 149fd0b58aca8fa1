using System.Net;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
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

    /// <summary>Fails closed: nothing that is meant for another network leaves without its second tunnel.</summary>
    public static ConnectionFailure CrossNetwork(DoubleTunnelRoute route) => new(
        FailurePhase.Route,
        FailureSide.Proxy,
        FailureReason.NoRoute,
        $"connection failed: {route.Authority} is on another network, and this build opens no tunnel inside a tunnel",
        "Use an endpoint on this network.");
}
