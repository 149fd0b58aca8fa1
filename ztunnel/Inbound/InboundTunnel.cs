using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Identities;
using Ambient.Mesh.State;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// The life of one CONNECT stream, in the order in which answers are decided (node-proxy 1.4, 2.4): method, authority, local workload,
/// destination, next hop, policy, connect, 200, copy, one report.
/// </summary>
internal sealed class InboundTunnel(
    LocalWorkload local, InboundRouter router, InboundPolicy policy, InboundUpstream upstreams, InboundReport report)
{
    public async Task RunAsync(TunnelStream stream, SpiffeId? caller)
    {
        using (stream)
        {
            Http2Headers request = stream.TakeRequest();

            // What is asked for?
            if (InboundRouter.Validate(request.Method ?? string.Empty, request.Authority, out InboundAuthority? authority) is { } invalid)
            {
                report.Refuse(stream, invalid);
                return;
            }

            // On whose behalf do we listen?
            if (await local.FindAsync() is not { } workload)
            {
                report.Refuse(stream, InboundRouter.UnknownLocalWorkload(local.Key));
                return;
            }

            // Is it for us, and which port of the pod is meant? A decision on one snapshot, without side effects.
            string? forwardedHost = ForwardedHeader.ParseHost(request.Find("forwarded"u8));
            InboundRequest asked = new(workload, stream.Connection.LocalEndPoint, authority!, forwardedHost);
            MeshSnapshot mesh = InboundRouter.NeedsAddress(asked) is { } address
                ? await local.SnapshotWithAsync(router.Network, address)
                : local.Snapshot;
            InboundRoute decided = router.Decide(mesh, asked);
            if (decided is not ForwardRoute route)
            {
                report.Refuse(stream, (RefusedRequest)decided);
                return;
            }

            // From here on the stream is accounted, whatever becomes of it.
            ConnectionTraffic traffic = new();
            using ConnectionRecord record = report.Open(stream, request, asked, route, caller, traffic);
            using TrackedConnection tracked = report.Track(stream, asked, route, caller);
            ConnectionFailure? failure = await ForwardAsync(stream, tracked, workload, route, traffic);
            record.Complete(failure);
        }
    }

    private async ValueTask<ConnectionFailure?> ForwardAsync(
        TunnelStream stream, TrackedConnection tracked, Workload workload, ForwardRoute route, ConnectionTraffic traffic)
    {
        // May it pass? Judged before anything is connected, and again at every change of policy.
        if (policy.Authorize(tracked) is { } denied)
        {
            InboundReport.Answer(stream, HttpStatusCode.Unauthorized);
            return denied;
        }

        // Connect to the application; only then is the answer 200.
        DialResult dialled = await upstreams.ConnectAsync(stream, route);
        if (dialled.Socket is not { } upstream)
        {
            InboundReport.Answer(stream, HttpStatusCode.ServiceUnavailable);
            return dialled.Failure! with { Message = $"connection failed: {dialled.Failure.Message}" };
        }

        using (upstream)
        {
            report.Accept(stream, workload);
            if (route.ProxyDestination is { } destination
                && await ProxyProtocolHeader.SendAsync(upstream, stream.Connection.RemoteEndPoint, destination, tracked.Request!.Source) is { } failure)
            {
                return failure;
            }

            return await TunnelCopier.CopyAsync(upstream, stream, traffic.Counters, isSocketDownstream: false);
        }
    }
}
