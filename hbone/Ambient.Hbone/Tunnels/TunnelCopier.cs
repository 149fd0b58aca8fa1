using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// Copies between an application's socket and a tunnel stream, both directions to their own ends, so that a half-close passes through.
/// Application to tunnel: one read fills slots that have room for frame headers. Tunnel to application: one write takes all that a batch
/// brought. Nothing is buffered while a connection is idle.
/// </summary>
public static class TunnelCopier
{
    /// <summary>Reads or writes in a row before others on the loop get their turn: 16 x 64 KiB.</summary>
    private const int Burst = 16;

    /// <summary>Vectors of one write; Linux takes up to 1,024, and a batch of 256 KiB brings 16 frames of a bulk stream.</summary>
    private const int WriteVectors = 64;

    /// <param name="socket">The application's socket, on the stream's loop.</param>
    /// <param name="stream">The answered stream.</param>
    /// <param name="counters">Counts live, on the loop.</param>
    /// <param name="isSocketDownstream">True on the outbound side, where the socket belongs to the caller of the connection.</param>
    /// <returns>Why the connection broke, or null when both directions ended in order.</returns>
    public static async ValueTask<ConnectionFailure?> CopyAsync(
        LoopSocket socket, TunnelStream stream, TrafficCounters counters, bool isSocketDownstream)
    {
        Task toTunnel = CopyToTunnelAsync(socket, stream, counters, isSocketDownstream);
        await CopyToSocketAsync(socket, stream, counters, isSocketDownstream);
        await toTunnel;
        return stream.Failure;
    }

    private static async Task CopyToTunnelAsync(LoopSocket socket, TunnelStream stream, TrafficCounters counters, bool isSocketDownstream)
    {
        int burst = 0;
        while (!stream.IsSendClosed)
        {
            int credit = stream.SendCredit;
            if (credit == 0)
            {
                await stream.WaitSendableAsync();
                continue;
            }

            IoResult read = ReadIntoSlots(socket, stream, credit);
            if (read.Bytes > 0)
            {
                Count(counters, read.Bytes, isToUpstream: isSocketDownstream);
                if (++burst == Burst)
                {
                    burst = 0;
                    await stream.Loop.YieldAsync();
                }
            }
            else if (read.IsWouldBlock)
            {
                burst = 0;
                await socket.WaitReadableAsync();
            }
            else
            {
                // A reset by the application passes as an orderly end (node-proxy 1.5).
                stream.EndSend();
                return;
            }
        }
    }

    private static async Task CopyToSocketAsync(LoopSocket socket, TunnelStream stream, TrafficCounters counters, bool isSocketDownstream)
    {
        while (true)
        {
            if (stream.Failure is not null)
            {
                // The application must not take a broken stream for a complete one.
                socket.Abort();
                return;
            }

            if (stream.IsReceiveEnded)
            {
                socket.ShutdownSend();
                return;
            }

            IoResult written = WriteReceived(socket, stream);
            if (written.Bytes > 0)
            {
                Count(counters, written.Bytes, isToUpstream: !isSocketDownstream);
            }
            else if (written.IsWouldBlock)
            {
                await socket.WaitWritableAsync();
            }
            else if (written.IsError)
            {
                return;
            }
            else
            {
                await stream.WaitReceivedAsync();
            }
        }
    }

    private static void Count(TrafficCounters counters, int bytes, bool isToUpstream)
    {
        if (isToUpstream)
        {
            counters.ToUpstream += bytes;
        }
        else
        {
            counters.ToDownstream += bytes;
        }
    }

    /// <summary>Fills up to four slots with one readv and sends them as frames; nothing is read beyond the credit.</summary>
    private static unsafe IoResult ReadIntoSlots(LoopSocket socket, TunnelStream stream, int credit)
    {
        byte* slots = stream.Loop.Scratch;
        Span<IoVector> vectors = stackalloc IoVector[TunnelOutput.SlotCount];
        int count = 0;
        for (; count < TunnelOutput.SlotCount && credit > 0; count++)
        {
            int room = Math.Min(credit, TunnelOutput.FramePayload);
            vectors[count] = new IoVector(slots + (count * TunnelOutput.SlotStride) + TunnelOutput.FrameHeader, room);
            credit -= room;
        }

        IoResult read = socket.ReadV(vectors[..count]);
        if (read.Bytes > 0)
        {
            stream.SendSlots(slots, read.Bytes);
        }

        return read;
    }

    /// <summary>Writes what waits with one writev; (0, 0) when nothing waits.</summary>
    private static IoResult WriteReceived(LoopSocket socket, TunnelStream stream)
    {
        Span<IoVector> vectors = stackalloc IoVector[WriteVectors];
        int count = stream.PeekReceived(vectors);
        if (count == 0)
        {
            return default;
        }

        IoResult written = socket.WriteV(vectors[..count]);
        if (written.Bytes > 0)
        {
            stream.Consume(written.Bytes);
        }

        return written;
    }
}
