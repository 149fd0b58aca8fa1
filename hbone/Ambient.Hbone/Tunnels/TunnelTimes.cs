namespace Ambient.Hbone.Tunnels;

/// <summary>How long a tunnel waits for its peer.</summary>
public sealed record TunnelTimes
{
    /// <summary>node-proxy 1.2.1, and bounds for the end of a tunnel that the reference leaves to the kernel.</summary>
    public static TunnelTimes Default { get; } = new();

    /// <summary>Before the first PING, and from each pong to the next PING.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the pong; after it the tunnel is given up.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Of a tunnel that is being closed: for the peer to take what was still to be sent.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After our close_notify and FIN: for the peer to close its side.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
