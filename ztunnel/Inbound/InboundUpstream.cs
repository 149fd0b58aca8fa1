using System.Net;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Pods;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Connects to the application in the pod, from the client's own address where the pod's redirection carries the way back (node-proxy 2.6).</summary>
internal sealed class InboundUpstream(PodSockets sockets, bool keepsSource, ILogger logger)
{
    public ValueTask<DialResult> ConnectAsync(TunnelStream stream, ForwardRoute route) => route.LoopbackSource is { } loopback
        ? ConnectAsync(stream.Loop, route.Upstream, new IPEndPoint(loopback, 0), isSpoofed: true)
        : ConnectAsync(stream.Loop, route.Upstream, stream.Connection.RemoteEndPoint, keepsSource);

    public ValueTask<DialResult> ConnectPlainAsync(EventLoop loop, IPEndPoint destination, IPEndPoint source) =>
        ConnectAsync(loop, destination, source, keepsSource);

    private async ValueTask<DialResult> ConnectAsync(EventLoop loop, IPEndPoint destination, IPEndPoint source, bool isSpoofed)
    {
        DialResult dialled = await TcpDialer.ConnectAsync(loop, destination, isSpoofed ? sockets.DialFrom(source) : sockets.Dial);
        if (dialled.SourceBind == SourceBind.Failed)
        {
            InboundLog.SourceNotKept(logger, source, destination);
        }

        return dialled;
    }
}
