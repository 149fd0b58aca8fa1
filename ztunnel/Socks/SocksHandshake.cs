using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Ztunnel.Socks;

/// <summary>The SOCKS5 handshake on an application's socket. It reads no byte behind the request and ends within its time.</summary>
internal sealed class SocksHandshake
{
    /// <summary>The reference has no limit; a client that never finishes would hold a descriptor for ever.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const string Hint = "The SOCKS port of the proxy takes SOCKS5 CONNECT without authentication, to an IPv4 or IPv6 address or a host name.";

    private readonly LoopSocket _socket;
    private readonly SocksParser _parser = new();
    private readonly byte[] _received = new byte[SocksParser.MaxNeeded];
    private bool _isTimedOut;

    public SocksHandshake(LoopSocket socket) => _socket = socket;

    /// <summary>Of a request that was read whole.</summary>
    public SocksTarget Target => _parser.Target;

    /// <summary>Reads the request; a client that breaks the protocol is told so. Null when <see cref="Target"/> is there.</summary>
    public async ValueTask<ConnectionFailure?> ReadAsync()
    {
        LoopTimer timer = _socket.Loop.StartTimer(Timeout, static state => ((SocksHandshake)state!).OnTimeout(), this);
        try
        {
            return await ReadRequestAsync();
        }
        finally
        {
            timer.Cancel();
        }
    }

    /// <summary>The bound address of a reply is always 0.0.0.0:0.</summary>
    public ValueTask<ConnectionFailure?> ReplyAsync(SocksReply reply) => SendAsync([5, (byte)reply, 0, 1, 0, 0, 0, 0, 0, 0]);

    private async ValueTask<ConnectionFailure?> ReadRequestAsync()
    {
        while (true)
        {
            if (await ReceiveAsync(_parser.Needed) is { } broken)
            {
                return broken;
            }

            switch (_parser.Feed(_received.AsSpan(0, _parser.Needed)))
            {
                case SocksStep.AnswerMethod when await SendAsync([5, 0]) is { } failure:
                    return failure;
                case SocksStep.Requested:
                    return null;
                case SocksStep.Refused:
                    await ReplyAsync(SocksReply.CommandNotSupported);
                    return Failed(FailureReason.InvalidRequest, _parser.Problem!);
            }
        }
    }

    private async ValueTask<ConnectionFailure?> ReceiveAsync(int length)
    {
        int received = 0;
        while (received < length)
        {
            IoResult read = _socket.Receive(_received.AsSpan(received, length - received));
            if (read.Bytes > 0)
            {
                received += read.Bytes;
            }
            else if (read.IsWouldBlock)
            {
                await _socket.WaitReadableAsync();
            }
            else
            {
                return Ended(read);
            }
        }

        return null;
    }

    private async ValueTask<ConnectionFailure?> SendAsync(byte[] bytes)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            IoResult written = _socket.Send(bytes.AsSpan(sent));
            sent += written.Bytes;
            if (written.IsWouldBlock)
            {
                await _socket.WaitWritableAsync();
            }
            else if (written.IsError)
            {
                return Ended(written);
            }
        }

        return null;
    }

    private void OnTimeout()
    {
        _isTimedOut = true;
        _socket.Abort();
    }

    private ConnectionFailure Ended(IoResult result) =>
        _isTimedOut ? Failed(FailureReason.TimedOut, $"the client sent no request within {Timeout.TotalSeconds} s")
        : _socket.AbortReason is { } reason ? reason
        : result.IsError ? ConnectionFailure.FromErrno(FailurePhase.Accept, FailureSide.Downstream, result.Errno, "socks: the client's connection")
        : Failed(FailureReason.UnexpectedEnd, "the client ended the connection before its request");

    private static ConnectionFailure Failed(FailureReason reason, string problem) =>
        new(FailurePhase.Accept, FailureSide.Downstream, reason, $"socks: {problem}", Hint);
}
