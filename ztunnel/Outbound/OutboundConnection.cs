using System.Net;
using Ambient.Hbone;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.OnDemand;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Outbound;

/// <summary>The life of one connection that an application of the pod opened, from accept to its one report (node-proxy 2.2, 2.3).</summary>
internal sealed class OutboundConnection(
    LocalWorkload local,
    DemandedMesh mesh,
    OutboundRouter router,
    HostnameResolver names,
    HboneDialer dialer,
    CrossNetworkConnection crossNetwork,
    ConnectionTable connections,
    ConnectionReporter reporter,
    SocketGauge gauge)
{
    public async ValueTask RunAsync(LoopSocket downstream, IPEndPoint destination)
    {
        using SocketGauge.Entry open = gauge.Enter(TrafficDirection.Outbound);
        IPEndPoint application = downstream.RemoteEndPoint;

        // A connection that was on its way to this very listener was not redirected: to relay it would be to call ourselves without end,
        // until the node has no descriptors left. The kernel does not redirect what a pod sends to its own addresses.
        if (router.IsRecursive(destination) || destination.Equals(downstream.LocalEndPoint))
        {
            reporter.Refused(TrafficDirection.Outbound, application, destination, OwnPorts.Refusal);
            return;
        }

        // Who is calling?
        if (await local.FindAsync() is not { } source)
        {
            reporter.Refused(TrafficDirection.Outbound, application, destination, local.NotFound);
            return;
        }

        // Where to? A decision on one snapshot of the mesh, without side effects; on demand, after asking for what it lacks.
        OutboundRequest request = new(source, application, destination);
        OutboundRoute route = mesh.IsActive ? await OutboundDemand.DecideAsync(mesh, router, request) : router.Decide(mesh.Current, request, Random.Shared);
        if (route is HostnameRoute unresolved)
        {
            route = await names.ResolveAsync(unresolved, source);
        }

        if (route is RefusedRoute refused)
        {
            reporter.Refused(TrafficDirection.Outbound, application, destination, refused.Failure);
            return;
        }

        if (route is DoubleTunnelRoute remote)
        {
            await crossNetwork.RunAsync(downstream, remote, source, destination);
            return;
        }

        // From here on the connection is accounted, whatever becomes of it.
        ConnectionTraffic traffic = new();
        using ConnectionRecord record = reporter.Open(OutboundReport.Describe(route, source, application, local), traffic);
        using TrackedConnection tracked = OutboundReport.Track(connections, downstream, route, application, destination);

        // Connect and copy until both ends are done.
        ConnectionFailure? failure = route switch
        {
            TunnelRoute tunnel => await CopyAsync(downstream, await dialer.OpenAsync(downstream, tunnel, source, record.Span?.Context), traffic),
            _ => await RelayAsync(downstream, (PlainTcpRoute)route, traffic),
        };
        record.Complete(downstream.AbortReason ?? failure);
    }

    // Not async: the copy is where a connection spends its life, and whatever waits for it costs memory all that time.
    private static ValueTask<ConnectionFailure?> CopyAsync(LoopSocket downstream, HboneOpenResult opened, TrafficCounters counters) =>
        opened.Stream is { } stream ? TunnelCopier.CopyAsync(downstream, stream, counters, isSocketDownstream: true) : new(opened.Failure);

    private async ValueTask<ConnectionFailure?> RelayAsync(LoopSocket downstream, PlainTcpRoute route, TrafficCounters counters)
    {
        DialResult dialled = await dialer.ConnectPlainAsync(downstream.Loop, route.Destination);
        if (dialled.Socket is not { } upstream)
        {
            return dialled.Failure! with { Message = $"connection failed: {dialled.Failure.Message}" };
        }

        using (upstream)
        {
            return (await SocketCopier.CopyAsync(downstream, upstream, counters)).Failure;
        }
    }
}
