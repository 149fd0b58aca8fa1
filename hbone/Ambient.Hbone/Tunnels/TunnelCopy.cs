using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// One connection copied between an application's socket and a tunnel stream, both directions to their own ends, so that a half-close passes
/// through. Application to tunnel: one read fills slots that have room for frame headers. Tunnel to application: one write takes all that a
/// batch brought. Nothing is buffered while a connection is idle.
/// </summary>
internal sealed class TunnelCopy(LoopSocket socket, TunnelStream stream, TrafficCounters counters, bool isSocketDownstream)
    : ISocketCloseListener
{
    /// <summary>Reads in a row before others on the loop get their turn: 8 x 128 KiB.</summary>
    private const int Burst = 8;

    /// <summary>Vectors of one write; Linux takes up to 1,024, and a batch of 256 KiB brings 16 frames of a bulk stream.</summary>
    private const int WriteVectors = 64;

    /// <summary>The application's end was reset: what is still to come has nobody to go to.</summary>
    private bool _isSocketGone;

    private LoopTimer? _linger;

    public async ValueTask<ConnectionFailure?> RunAsync()
    {
        // The socket may be closed by a drain or a policy while both directions wait for the tunnel.
        socket.CloseListener = this;
        try
        {
            Task toTunnel = CopyToTunnelAsync();
            await CopyToSocketAsync();
            await toTunnel;
        }
        finally
        {
            _linger?.Cancel();
            socket.CloseListener = null;
            stream.Dispose();
        }

        return stream.Failure;
    }

    private async Task CopyToTunnelAsync()
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

            IoResult read = ReadIntoSlots(credit);
            if (read.Bytes > 0)
            {
                Count(read.Bytes, isToUpstream: isSocketDownstream);
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
                OnSocketEnd(read);
                return;
            }
        }

        await DropAsync();
    }

    /// <summary>
    /// The peer takes nothing more. What the application still says is read and dropped: closing with bytes unread would reset the connection
    /// under the answer that the application may not have read yet.
    /// </summary>
    private async ValueTask DropAsync()
    {
        int burst = 0;
        while (stream.Failure is null)
        {
            IoResult read = Drop();
            if (read.Bytes > 0)
            {
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
                return;
            }
        }
    }

    private async ValueTask CopyToSocketAsync()
    {
        while (!_isSocketGone)
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
                await WaitSendEndAsync();
                return;
            }

            IoResult written = WriteReceived();
            if (written.Bytes > 0)
            {
                Count(written.Bytes, isToUpstream: !isSocketDownstream);
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

    /// <summary>
    /// Everything was received. The peer may still reset the stream: then an application that keeps its half open must not hold the connection
    /// for long, since such streams no longer count against the peer's limit and it could pile them up.
    /// </summary>
    private async ValueTask WaitSendEndAsync()
    {
        while (!stream.IsSendEnded && !stream.IsSendClosed)
        {
            await stream.WaitChangeAsync();
        }

        if (stream.Failure is not null)
        {
            socket.Abort();
        }
        else if (!stream.IsSendEnded)
        {
            _linger = stream.Loop.StartTimer(stream.Connection.Times.LingerTimeout, static state => ((TunnelCopy)state!).Close(), this);
        }
    }

    private void Close()
    {
        socket.CloseListener = null;
        socket.Dispose();
    }

    /// <summary>A reset by the application passes as an orderly end (node-proxy 1.5); that of a socket which was closed here does not.</summary>
    private void OnSocketEnd(IoResult read)
    {
        if (socket.IsDisposed)
        {
            OnSocketClosed();
            return;
        }

        stream.EndSend();
        _isSocketGone = read.IsError;
        stream.WakeReceiver();
    }

    private void OnSocketClosed()
    {
        if (stream.Failure is null)
        {
            stream.Abort(socket.AbortReason ?? TunnelFailures.Drained());
        }
    }

    void ISocketCloseListener.OnClosed(LoopSocket closed) => OnSocketClosed();

    private void Count(int bytes, bool isToUpstream)
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

    /// <summary>Fills up to eight slots with one readv and sends them as frames; nothing is read beyond the credit.</summary>
    private unsafe IoResult ReadIntoSlots(int credit)
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

    private unsafe IoResult Drop() => socket.Receive(stream.Loop.Scratch, EventLoop.ScratchBytes);

    /// <summary>Writes what waits with one writev; (0, 0) when nothing waits.</summary>
    private IoResult WriteReceived()
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
