namespace Ambient.Transport.Sockets;

/// <summary>What is set on a socket when it is made (node-proxy 1.1.4, 6.5, 10.5). Accepted sockets inherit all of it from their listener.</summary>
/// <param name="NoDelay">TCP_NODELAY.</param>
/// <param name="Keepalive">Null leaves keepalive off, as on 15008 where HTTP/2 PING does the liveness.</param>
/// <param name="Mark">SO_MARK; null leaves the socket unmarked. Needs CAP_NET_ADMIN; a mark that cannot be set fails the socket, since redirection would send its packets back to the proxy.</param>
/// <param name="UserTimeout">TCP_USER_TIMEOUT: how long sent data may stay unacknowledged.</param>
/// <param name="CongestionControl">TCP_CONGESTION, such as <c>cubic</c>; null is the kernel's default.</param>
public sealed record SocketOptionSet(
    bool NoDelay = true,
    KeepaliveOptions? Keepalive = null,
    uint? Mark = null,
    TimeSpan? UserTimeout = null,
    string? CongestionControl = null)
{
    /// <summary>TCP_NODELAY and nothing else.</summary>
    public static SocketOptionSet Default { get; } = new();
}
