using System.Net;
using Ambient.Transport.Namespaces;

namespace Ambient.Transport.Sockets;

/// <summary>Blueprint of one listening socket. <c>[::]</c> listens on both families.</summary>
public sealed record TcpListenerSpec(IPEndPoint Local)
{
    /// <summary>
    /// 128 is what a foreign proxy asks for; a burst of 1,000 connections overflows it, and each SYN dropped costs its
    /// sender a second. The kernel caps this at net.core.somaxconn.
    /// </summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>SO_REUSEPORT, so that two generations of the proxy can listen during an upgrade (node-proxy 6.5).</summary>
    public bool ReusePort { get; init; } = true;

    /// <summary>Listens on 0.0.0.0 when <see cref="Local"/> is <c>[::]</c> and the namespace has no IPv6.</summary>
    public bool FallBackToIPv4 { get; init; } = true;

    public TransparentMode Transparent { get; init; }

    /// <summary>Set on the listener; accepted sockets inherit it.</summary>
    public SocketOptionSet Socket { get; init; } = SocketOptionSet.Default;

    /// <summary>Where the socket lives; null is the process's own namespace.</summary>
    public NetworkNamespace? Namespace { get; init; }
}
