using System.Net;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Connects to the application in the pod, from the client's own address where the pod's redirection carries the way back (node-proxy 2.6).</summary>
internal sealed class InboundUpstream(PodSockets sockets, bool keepsSource, ILogger logger)
{
    public ValueTask<DialResult> ConnectAsync(TunnelStream stream, ForwardRoute route, TrackedConnection tracked) => route.LoopbackSource is { } loopback
        ? ConnectAsync(stream.Loop, route.Upstream, new IPEndPoint(loopback, 0), isSpoofed: true, tracked)
        : ConnectAsync(stream.Loop, route.Upstream, stream.Connection.RemoteEndPoint, keepsSource, tracked);

    public ValueTask<DialResult> ConnectPlainAsync(EventLoop loop, IPEndPoint destination, TrackedConnection tracked) =>
        ConnectAsync(loop, destination, tracked.Source, keepsSource, tracked);

    private async ValueTask<DialResult> ConnectAsync(
        EventLoop loop, IPEndPoint destination, IPEndPoint source, bool isSpoofed, TrackedConnection tracked)
    {
        DialResult dialled = await TcpDialer.ConnectAsync(loop, destination, isSpoofed ? sockets.DialFrom(source) : sockets.Dial);
        if (dialled.SourceBind == SourceBind.Failed)
        {
            InboundLog.SourceNotKept(logger.WithinConnection(TrafficDirection.Inbound, tracked.Trace?.Value, tracked.Source), source, destination);
        }

        return dialled;
    }
}
