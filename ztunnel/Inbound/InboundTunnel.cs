using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.OnDemand;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// The life of one CONNECT stream, in the order in which answers are decided (node-proxy 1.4, 2.4): method, authority, local workload,
/// destination, next hop, policy, connect, 200, copy, one report.
/// </summary>
internal sealed class InboundTunnel(
    LocalWorkload local, DemandedMesh mesh, InboundRouter router, InboundPolicy policy, InboundUpstream upstreams, InboundReport report)
{
    public async Task RunAsync(TunnelStream stream, InboundCaller caller)
    {
        using (stream)
        {
            if (await RouteAsync(stream) is not { } routed)
            {
                return;
            }

            // From here on the stream is accounted, whatever becomes of it.
            ConnectionTraffic traffic = new();
            TraceParent? told = InboundReport.TraceOf(routed.Headers);
            using ConnectionRecord record = report.Open(stream, routed.Headers, routed.Asked, routed.Route, caller, traffic, told);
            using TrackedConnection tracked = report.Track(
                stream, routed.Headers, routed.Asked, routed.Route, caller, record.Span?.Context ?? told);

            // Connect and copy until both ends are done. The copy is where a stream spends its life: nothing of the request is kept for it.
            DialResult dialled = await ConnectAsync(stream, tracked, routed.Asked.Local, routed.Route);
            using LoopSocket? upstream = dialled.Socket;
            ConnectionFailure? failure = upstream is null
                ? dialled.Failure
                : await TunnelCopier.CopyAsync(upstream, stream, traffic, isSocketDownstream: false);
            record.Complete(failure);
        }
    }

    /// <summary>Decides where the stream goes; null when it was refused, which is then reported.</summary>
    private async ValueTask<RoutedRequest?> RouteAsync(TunnelStream stream)
    {
        Http2Headers request = stream.TakeRequest();

        // What is asked for?
        if (InboundRouter.Validate(request.Method ?? string.Empty, request.Authority, out InboundAuthority? authority) is { } invalid)
        {
            report.Refuse(stream, invalid);
            return null;
        }

        // On whose behalf do we listen?
        if (await local.FindAsync() is not { } workload)
        {
            report.Refuse(stream, InboundRouter.UnknownLocalWorkload(local.Key));
            return null;
        }

        // Is it for us, and which port of the pod is meant? A decision on one snapshot, without side effects; on demand, after asking for
        // what it lacks.
        string? forwardedHost = ForwardedHeader.ParseHost(request.Find("forwarded"u8));
        InboundRequest asked = new(workload, stream.Connection.LocalEndPoint, authority!, forwardedHost);
        InboundRoute decided = mesh.IsActive ? await InboundDemand.DecideAsync(mesh, router, asked) : router.Decide(mesh.Current, asked);
        if (decided is not ForwardRoute route)
        {
            report.Refuse(stream, (RefusedRequest)decided);
            return null;
        }

        return new RoutedRequest(request, asked, route);
    }

    private async ValueTask<DialResult> ConnectAsync(TunnelStream stream, TrackedConnection tracked, Workload workload, ForwardRoute route)
    {
        // May it pass? Judged before anything is connected, and again at every change of policy.
        if (policy.Authorize(tracked) is { } denied)
        {
            InboundReport.Answer(stream, HttpStatusCode.Unauthorized);
            return new DialResult(null, denied);
        }

        // Connect to the application; only then is the answer 200.
        DialResult dialled = await upstreams.ConnectAsync(stream, route, tracked);
        if (dialled.Socket is not { } upstream)
        {
            InboundReport.Answer(stream, HttpStatusCode.ServiceUnavailable);
            return new DialResult(null, dialled.Failure! with { Message = $"connection failed: {dialled.Failure.Message}" });
        }

        report.Accept(stream, workload);
        if (route.ProxyDestination is { } destination
            && await ProxyProtocolHeader.SendAsync(upstream, stream.Connection.RemoteEndPoint, destination, tracked.Request!.Source) is { } failure)
        {
            upstream.Dispose();
            return new DialResult(null, failure);
        }

        return dialled;
    }

    private readonly record struct RoutedRequest(Http2Headers Headers, InboundRequest Asked, ForwardRoute Route);
}
