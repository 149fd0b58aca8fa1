using System.Buffers;
using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// Runs a TLS handshake over a loop socket, or over a stream of another tunnel. Waiting happens on the loop, computing on the handshake threads, so that neither a slow peer nor
/// a storm of handshakes holds up tunnels that are up.
/// </summary>
internal sealed class TunnelHandshake
{
    private const int ReadBytes = 16 * 1024;

    private readonly ILoopDuplex _socket;
    private readonly TlsHandshake _handshake;
    private readonly HandshakeThreads _threads;
    private readonly ArrayBufferWriter<byte> _toSend = new();
    private bool _isTimedOut;

    private TunnelHandshake(ILoopDuplex socket, TlsHandshake handshake, HandshakeThreads threads)
    {
        _socket = socket;
        _handshake = handshake;
        _threads = threads;
    }

    /// <summary>Makes a tunnel of a connected socket, which is disposed if that fails.</summary>
    public static async ValueTask<HboneConnectResult> CompleteAsync(
        ILoopDuplex socket, TlsHandshake handshake, HandshakeThreads threads, Http2Role role, HboneOptions options)
    {
        bool isUp = false;
        try
        {
            if (await RunAsync(socket, handshake, threads, options.HandshakeTimeout) is { } failure)
            {
                return new HboneConnectResult(null, failure);
            }

            TunnelConnection connection = new(socket, handshake.TakeSession(), handshake.Leftover.Span, role, options);
            connection.TrackedBy(options.Tracker);
            connection.Start();
            isUp = true;
            return new HboneConnectResult(connection, null);
        }
        finally
        {
            if (!isUp)
            {
                socket.Dispose();
            }
        }
    }

    private static async ValueTask<ConnectionFailure?> RunAsync(ILoopDuplex socket, TlsHandshake handshake, HandshakeThreads threads, TimeSpan timeout)
    {
        TunnelHandshake run = new(socket, handshake, threads);
        LoopTimer timer = socket.Loop.StartTimer(timeout, static state => ((TunnelHandshake)state!).OnTimeout(), run);
        byte[] received = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            return await run.RunAsync(received);
        }
        finally
        {
            timer.Cancel();
            ArrayPool<byte>.Shared.Return(received, clearArray: true);
        }
    }

    private async ValueTask<ConnectionFailure?> RunAsync(byte[] received)
    {
        int length = 0;
        while (true)
        {
            TlsHandshakeStatus status = await _threads.AdvanceAsync(_handshake, received.AsMemory(0, length), _toSend);
            int errno = await SendAsync();
            if (status == TlsHandshakeStatus.Failed)
            {
                return TunnelFailures.Handshake(_handshake.Failure!);
            }

            if (errno != 0 || _socket.IsDisposed)
            {
                return Socket(errno);
            }

            if (status == TlsHandshakeStatus.Completed)
            {
                return null;
            }

            IoResult read = await ReceiveAsync(received);
            if (read.Bytes <= 0)
            {
                return read.IsError ? Socket(read.Errno) : Closed();
            }

            length = read.Bytes;
        }
    }

    private async ValueTask<IoResult> ReceiveAsync(byte[] received)
    {
        while (true)
        {
            IoResult read = Receive(received);
            if (!read.IsWouldBlock)
            {
                return read;
            }

            await _socket.WaitReadableAsync();
        }
    }

    private async ValueTask<int> SendAsync()
    {
        int sent = 0;
        while (sent < _toSend.WrittenCount)
        {
            IoResult result = Send(_toSend.WrittenSpan[sent..]);
            if (result.Bytes > 0)
            {
                sent += result.Bytes;
            }
            else if (result.IsWouldBlock)
            {
                await _socket.WaitWritableAsync();
            }
            else
            {
                return result.Errno;
            }
        }

        _toSend.Clear();
        return 0;
    }

    private unsafe IoResult Receive(Span<byte> received)
    {
        fixed (byte* buffer = received)
        {
            return _socket.Receive(buffer, received.Length);
        }
    }

    private unsafe IoResult Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            return _socket.Send(buffer, bytes.Length);
        }
    }

    private void OnTimeout()
    {
        _isTimedOut = true;
        _socket.Dispose();
    }

    private ConnectionFailure Socket(int errno) =>
        _isTimedOut ? TimedOut()
        : _socket.AbortReason is { } reason ? reason
        : _socket.IsDisposed ? TunnelFailures.Drained()
        : OfErrno(errno);

    private static ConnectionFailure OfErrno(int errno)
    {
        ConnectionFailure failure = ConnectionFailure.FromErrno(FailurePhase.TlsHandshake, FailureSide.Upstream, errno, "tls error: handshake");
        return failure with { Hint = failure.Hint ?? "The peer cut the connection in the handshake; a peer that is no HBONE proxy, or a firewall, does so." };
    }

    private ConnectionFailure Closed() => _isTimedOut ? TimedOut() : new(
        FailurePhase.TlsHandshake, FailureSide.Upstream, FailureReason.Reset, "tls error: the peer closed the connection during the handshake", "Its log says why; a peer that is not an HBONE proxy closes like this.");

    private static ConnectionFailure TimedOut() => new(
        FailurePhase.TlsHandshake, FailureSide.Upstream, FailureReason.TimedOut, "tls error: handshake timed out", "The peer took the connection but did not finish the handshake: it is overloaded, or is no HBONE proxy.");
}
