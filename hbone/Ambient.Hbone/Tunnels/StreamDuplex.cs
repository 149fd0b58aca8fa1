using System.Net;
using System.Runtime.CompilerServices;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// A stream of a tunnel as what another tunnel runs over (node-proxy 1.7). What the inner one seals is copied once, behind the header of the
/// outer one's frame; what arrives is copied once, out of the outer one's batch.
/// </summary>
internal sealed unsafe class StreamDuplex : ILoopDuplex
{
    private const int ReceiveVectors = 64;

    private readonly TunnelStream _stream;

    /// <exception cref="ArgumentException">The stream's tunnel is an inner one itself: what its loop lends for a batch is lent once.</exception>
    public StreamDuplex(TunnelStream stream)
    {
        if (stream.Connection.IsInner)
        {
            throw new ArgumentException("A tunnel inside a tunnel carries no third one.", nameof(stream));
        }

        _stream = stream;
    }

    public EventLoop Loop => _stream.Loop;

    public bool IsDisposed => _stream.IsDisposed;

    public ConnectionFailure? AbortReason => _stream.Failure;

    public IPEndPoint LocalEndPoint => _stream.Connection.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => _stream.Connection.RemoteEndPoint;

    public IoResult Receive(byte* buffer, int length)
    {
        if (IsDisposed)
        {
            return IoResult.Closed;
        }

        if (_stream.Failure is not null)
        {
            return IoResult.Reset;
        }

        Span<IoVector> vectors = stackalloc IoVector[ReceiveVectors];
        int count = _stream.PeekReceived(vectors);
        if (count == 0)
        {
            return _stream.IsReceiveEnded ? default : IoResult.WouldBlock;
        }

        int taken = 0;
        foreach (IoVector vector in vectors[..count])
        {
            int bytes = Math.Min((int)vector.Length, length - taken);
            Buffer.MemoryCopy(vector.Start, buffer + taken, bytes, bytes);
            taken += bytes;
        }

        _stream.Consume(taken);
        return new IoResult(taken, 0);
    }

    /// <summary>Not by way of the loop's scratch: who sends through the inner tunnel still has slots there.</summary>
    [SkipLocalsInit]
    public IoResult Send(byte* buffer, int length, bool isMoreComing = false)
    {
        if (IsDisposed)
        {
            return IoResult.Closed;
        }

        byte* slot = stackalloc byte[TunnelOutput.SlotStride];
        int sent = 0;
        while (sent < length && !_stream.IsSendClosed && !_stream.IsSendEnded)
        {
            int payload = Math.Min(Math.Min(_stream.SendCredit, length - sent), TunnelOutput.FramePayload);
            if (payload == 0)
            {
                break;
            }

            Buffer.MemoryCopy(buffer + sent, slot + TunnelOutput.FrameHeader, payload, payload);
            _stream.SendSlots(slot, payload);
            sent += payload;
        }

        return sent > 0 ? new IoResult(sent, 0)
            : _stream.IsSendClosed || _stream.IsSendEnded ? IoResult.BrokenPipe : IoResult.WouldBlock;
    }

    public ValueTask WaitReadableAsync() => _stream.WaitReceivedAsync();

    public ValueTask WaitWritableAsync() => _stream.WaitSendableAsync();

    public void ShutdownSend() => _stream.EndSend();

    public void Dispose() => _stream.Dispose();
}
