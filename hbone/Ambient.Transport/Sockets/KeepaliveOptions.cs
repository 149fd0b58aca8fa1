namespace Ambient.Transport.Sockets;

/// <summary>TCP keepalive; whole seconds, as the kernel takes them.</summary>
/// <param name="IdleSeconds">Silence before the first probe (TCP_KEEPIDLE).</param>
/// <param name="IntervalSeconds">Time between unanswered probes (TCP_KEEPINTVL).</param>
/// <param name="Probes">Unanswered probes before the connection fails with ETIMEDOUT (TCP_KEEPCNT).</param>
public sealed record KeepaliveOptions(int IdleSeconds, int IntervalSeconds, int Probes)
{
    /// <summary>180 s, 180 s, 9 probes (node-proxy 10.5).</summary>
    public static KeepaliveOptions Default { get; } = new(180, 180, 9);
}
