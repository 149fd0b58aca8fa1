using System.Net;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>How the sockets of one pod's proxy are made (node-proxy 1.1.4, 6.5): in the pod's namespace, with the mark that redirection exempts.</summary>
internal sealed class PodSockets
{
    private readonly NetworkNamespace? _namespace;
    private readonly SocketOptions _sockets;
    private readonly ListenerOptions _listeners;
    private readonly uint? _listenerMark;

    /// <param name="podNamespace">Null in dedicated mode, which works in its own namespace and marks outgoing sockets only.</param>
    /// <param name="sockets">Marks and keepalive.</param>
    /// <param name="listeners">Addresses.</param>
    public PodSockets(NetworkNamespace? podNamespace, SocketOptions sockets, ListenerOptions listeners)
    {
        _namespace = podNamespace;
        _sockets = sockets;
        _listeners = listeners;
        _listenerMark = podNamespace is null ? null : sockets.PacketMark;
        Dial = new DialOptions { Namespace = podNamespace, Socket = Options(sockets.PacketMark, hasKeepalive: true) };
    }

    /// <summary>Sockets of the proxy's own pod: no redirection there, so no mark, and nobody to share a port with (node-proxy 2.7).</summary>
    public static PodSockets OfTheProxyItself(SocketOptions sockets, ListenerOptions listeners) =>
        new(null, sockets with { PacketMark = null }, listeners with { OriginalSource = false });

    /// <summary>Connections to peers and, without an original source, to the application.</summary>
    public DialOptions Dial { get; }

    public TcpListenerSpec Outbound => Listener(_listeners.Outbound, hasKeepalive: true);

    public TcpListenerSpec Plaintext => Listener(_listeners.InboundPlaintext, hasKeepalive: true);

    /// <summary>HTTP/2 PING does the liveness of tunnels, so keepalive stays off.</summary>
    public TcpListenerSpec Inbound => Listener(_listeners.Inbound, hasKeepalive: false);

    /// <summary>A local port that stands in for redirection.</summary>
    public TcpListenerSpec Forward(IPEndPoint local) => Listener(local, hasKeepalive: true);

    /// <summary>For applications of the pod itself: their addresses are their own, so nothing is transparent.</summary>
    public TcpListenerSpec Socks(IPEndPoint local) => Listener(local, hasKeepalive: true) with { Transparent = TransparentMode.Never };

    /// <summary>Connections to the application that keep the client's address (node-proxy 2.6).</summary>
    public DialOptions DialFrom(IPEndPoint source) => Dial with { TransparentSource = new IPEndPoint(source.Address, 0) };

    private TcpListenerSpec Listener(IPEndPoint local, bool hasKeepalive) => new(local)
    {
        Namespace = _namespace,
        ReusePort = _namespace is not null && _sockets.PortReuse,
        Transparent = _listeners.OriginalSource switch
        {
            true => TransparentMode.Required,
            false => TransparentMode.Never,
            null => TransparentMode.Try,
        },
        Socket = Options(_listenerMark, hasKeepalive),
    };

    private SocketOptionSet Options(uint? mark, bool hasKeepalive)
    {
        KeepaliveSettings? keepalive = hasKeepalive ? _sockets.Keepalive : null;
        return new SocketOptionSet(
            NoDelay: true,
            keepalive is null ? null : new KeepaliveOptions((int)keepalive.Time.TotalSeconds, (int)keepalive.Interval.TotalSeconds, keepalive.Retries),
            mark,
            keepalive?.UserTimeout);
    }
}
