using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>Relays an application's socket and a tunnel stream.</summary>
public static class TunnelCopier
{
    /// <param name="socket">The application's socket, on the stream's loop. It stays the caller's to dispose.</param>
    /// <param name="stream">The answered stream. Disposed when the copy ends.</param>
    /// <param name="counters">Counts live, on the loop.</param>
    /// <param name="isSocketDownstream">True on the outbound side, where the socket belongs to the caller of the connection.</param>
    /// <returns>Why the connection broke, or null when both directions ended in order.</returns>
    public static ValueTask<ConnectionFailure?> CopyAsync(
        LoopSocket socket, TunnelStream stream, TrafficCounters counters, bool isSocketDownstream)
    {
        if (socket.Loop != stream.Loop)
        {
            throw new ArgumentException("Socket and stream of a connection live on one loop.", nameof(socket));
        }

        return new TunnelCopy(socket, stream, counters, isSocketDownstream).RunAsync();
    }
}
