using Ambient.Transport.Sockets;

namespace Ambient.Transport.Copying;

/// <summary>Relays two sockets of one loop to each other.</summary>
public static class SocketCopier
{
    /// <summary>
    /// Copies both directions, each to its own end, keeping half-close. The sockets stay the caller's to dispose. On the loop of
    /// both sockets.
    /// </summary>
    public static ValueTask<CopyResult> CopyAsync(LoopSocket downstream, LoopSocket upstream, TrafficCounters counters)
    {
        if (downstream.Loop != upstream.Loop)
        {
            throw new ArgumentException("Both sockets of a connection live on one loop.", nameof(upstream));
        }

        return new CopySession(downstream, upstream, counters).RunAsync();
    }
}
