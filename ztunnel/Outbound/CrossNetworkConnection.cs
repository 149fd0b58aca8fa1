using System.Net;
using Ambient.Hbone;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Otlp;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Outbound;

/// <summary>
/// The rest of the life of an outbound connection whose destination is on another network: a tunnel inside a tunnel, copy, one report
/// (node-proxy 1.7). Only the far end knows which workload was reached, so the connection is accounted once it has answered.
/// </summary>
internal sealed class CrossNetworkConnection(
    HboneDialer dialer, LocalWorkload local, ToldSources told, ConnectionTable connections, ConnectionReporter reporter)
{
    public async ValueTask RunAsync(LoopSocket downstream, DoubleTunnelRoute route, Workload source, IPEndPoint destination)
    {
        long started = reporter.Now;
        ConnectionSpan? span = reporter.Tracing?.Start(null);
        IPEndPoint application = downstream.RemoteEndPoint;
        using TrackedConnection tracked = OutboundReport.Track(connections, downstream, route, application, destination);
        ConnectionDescription described = OutboundReport.Describe(route, source, application, local);
        HboneOpenResult opened = await dialer.OpenAsync(downstream, route, source, span?.Context);
        ConnectionTraffic traffic = new();
        if (opened.Stream is not { } stream)
        {
            using ConnectionRecord failed = reporter.Open(described, traffic, span, started);
            failed.Complete(downstream.AbortReason ?? opened.Failure);
            return;
        }

        using ConnectionRecord record = reporter.Open(OutboundReport.OfFarEnd(described, opened, told), traffic, span, started);
        ConnectionFailure? failure = await TunnelCopier.CopyAsync(downstream, stream, traffic, isSocketDownstream: true);
        record.Complete(downstream.AbortReason ?? failure);
    }
}
