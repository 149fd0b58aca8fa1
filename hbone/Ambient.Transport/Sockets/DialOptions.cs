using System.Net;
using Ambient.Transport.Namespaces;

namespace Ambient.Transport.Sockets;

/// <summary>How an outgoing connection is made.</summary>
public sealed record DialOptions
{
    /// <summary>TCP_NODELAY, keepalive of node-proxy 10.5, 10 s.</summary>
    public static DialOptions Default { get; } = new();

    /// <summary>Where the socket lives; null is the process's own namespace.</summary>
    public NetworkNamespace? Namespace { get; init; }

    public SocketOptionSet Socket { get; init; } = new(Keepalive: KeepaliveOptions.Default);

    /// <summary>Source address that need not be the host's own; port 0 lets the kernel pick (node-proxy 2.6).</summary>
    public IPEndPoint? TransparentSource { get; init; }

    /// <summary>Time until the handshake must be done (node-proxy 10.5).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
