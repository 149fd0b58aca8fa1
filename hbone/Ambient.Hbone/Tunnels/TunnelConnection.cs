using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// One HBONE connection: HTTP/2 CONNECT streams in mutual TLS 1.3 on one TCP socket, or on a stream of another one. It lives on one loop and is used there only. What is
/// received is decrypted in one batch, given to the streams as pointers into the batch, and each touched stream's reader runs once.
/// </summary>
public sealed class TunnelConnection : IDisposable
{
    /// <summary>Batches in a row, 256 KiB each, before others on the loop get their turn and our WINDOW_UPDATEs leave.</summary>
    private const int BatchesPerYield = 2;

    private readonly ILoopDuplex _socket;
    private readonly TlsSession _session;
    private readonly TunnelInput _input;
    private readonly StreamSet _streams;
    private readonly bool _isServer;
    private readonly Action<IPEndPoint>? _serverLost;
    private LoopTimer? _closeTimer;
    private Http2Error _goAwayError;
    private bool _closesWhenIdle;
    private bool _isClosing;
    private IDisposable? _tracking;

    /// <summary>Takes over a socket whose handshake is complete; <see cref="Start"/> makes it speak.</summary>
    internal TunnelConnection(ILoopDuplex socket, TlsSession session, ReadOnlySpan<byte> leftover, Http2Role role, HboneOptions options)
    {
        _socket = socket;
        _session = session;
        Times = options.Times;
        _isServer = role == Http2Role.Server;
        _serverLost = options.ServerLost;
        IsInner = socket is StreamDuplex;
        _input = new TunnelInput(leftover, IsInner);
        _streams = new StreamSet(this);
        Http2 = new Http2Connection(role, _isServer ? options.Server : options.Client, _streams);
        Output = new TunnelOutput(this, socket, session);
        Keepalive = new TunnelKeepalive(this, Times);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
    }

    public EventLoop Loop => _socket.Loop;

    /// <summary>The peer as its certificate, verified in the handshake, describes it.</summary>
    public TlsPeer Peer => _session.Peer;

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>Why the connection ended; null while it is up and after an end that cut no stream short.</summary>
    public ConnectionFailure? Failure { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Streams that their users have not disposed.</summary>
    public int ActiveStreams => _streams.Count;

    /// <summary>A stream can be opened at once: no GOAWAY, no failure, room below the peer's limit.</summary>
    public bool CanOpenStream => !IsClosed && !_isClosing && Http2.CanOpenStream;

    /// <summary>Bytes wait to be sent, or a record came in part; an idle tunnel holds no buffer.</summary>
    public bool HoldsBuffers => Output.HoldsBuffer || _input.HoldsBuffer;

    /// <summary>Called once, on the loop, when the connection has ended.</summary>
    public Action<TunnelConnection>? Closed { get; set; }

    /// <summary>It runs inside a stream of another tunnel (node-proxy 1.7).</summary>
    internal bool IsInner { get; }

    internal Http2Connection Http2 { get; }

    internal TunnelTimes Times { get; }

    internal TunnelOutput Output { get; }

    internal TunnelKeepalive Keepalive { get; }

    /// <summary>Streams that wait for the socket or for the connection's window.</summary>
    internal SendTurns Turns { get; } = new();

    /// <summary>Sends the preface and settings and begins to receive.</summary>
    public void Start()
    {
        Http2.Start();
        Output.Schedule();
        Keepalive.Start();
        _ = ReceiveAsync();
    }

    /// <summary>Client: opens a stream with a CONNECT request; null when the peer takes no more.</summary>
    public TunnelStream? Open(Http2Headers request)
    {
        int id = CanOpenStream ? Http2.OpenStream(request) : -1;
        if (id < 0)
        {
            return null;
        }

        TunnelStream stream = new(this, id);
        _streams.Add(stream);
        Output.Schedule();
        return stream;
    }

    /// <summary>Server: the next request, or null once the connection is closed.</summary>
    public ValueTask<TunnelStream?> AcceptAsync() => _streams.NextRequestAsync();

    /// <summary>Graceful stop of a server: GOAWAY, PING round trip, final GOAWAY; streams that are open go on (node-proxy 10.2).</summary>
    public void BeginDrain()
    {
        if (!IsClosed)
        {
            Http2.BeginDrain();
            Output.Schedule();
            CloseWhenIdle();
        }
    }

    /// <summary>Nobody will open streams any more: closes now or when the last one ends, a drain's round trip included.</summary>
    public void CloseWhenIdle()
    {
        _closesWhenIdle = true;
        CloseIfIdle();
    }

    /// <summary>Ends the connection at once; its streams fail with <paramref name="failure"/>.</summary>
    public void Abort(ConnectionFailure failure)
    {
        if (!IsClosed)
        {
            Output.Flush();
            End(failure);
        }
    }

    /// <summary>Ends the connection at once because its peer lost our trust; a server says GOAWAY first (node-proxy 5.6).</summary>
    public void Revoke(ConnectionFailure failure)
    {
        if (_isServer && !IsClosed && !_isClosing)
        {
            Http2.BreakOff(Http2Error.NoError);
        }

        Abort(failure);
    }

    public void Dispose() => Abort(TunnelFailures.Drained());

    /// <summary>Holds what is to be disposed with the connection.</summary>
    internal void TrackedBy(ITunnelTracker? tracker) => _tracking = tracker?.Track(this, _isServer ? Http2Role.Server : Http2Role.Client);

    /// <summary>A failure of the peer, seen from here.</summary>
    internal ConnectionFailure OfPeer(ConnectionFailure failure) =>
        _isServer && failure.Side == FailureSide.Upstream ? failure with { Side = FailureSide.Downstream } : failure;

    /// <summary>Schedules a flush when the HTTP/2 layer made frames of its own.</summary>
    internal void ScheduleIfOutput()
    {
        if (Http2.Output.Length > 0)
        {
            Output.Schedule();
        }
    }

    /// <summary>A stream's user is done with it; an unfinished one is reset.</summary>
    internal void Retire(TunnelStream stream, int unreadBytes, bool isComplete)
    {
        if (!_streams.Remove(stream) || IsClosed)
        {
            return;
        }

        if (isComplete)
        {
            Http2.Release(stream.Id, unreadBytes);
        }
        else
        {
            // A reset gives back the whole stream's window.
            Http2.Reset(stream.Id, _isServer && stream.IsSendEnded ? Http2Error.NoError : Http2Error.Cancel);
        }

        ScheduleIfOutput();
        CloseIfIdle();
    }

    /// <summary>The peer opens or takes no new streams. Called while a batch is read: what follows from it is done at its end.</summary>
    internal void OnGoAway(Http2Error error)
    {
        _goAwayError = error;
        _closesWhenIdle = true;
    }

    /// <summary>The keepalive got no answer.</summary>
    internal void OnPingTimeout()
    {
        if (_isServer)
        {
            Http2.BreakOff(Http2Error.NoError);
        }
        else
        {
            _serverLost?.Invoke(RemoteEndPoint);
        }

        Abort(OfPeer(TunnelFailures.PingTimeout()));
    }

    /// <summary>Everything was sent and FIN is on its way: the peer is given a moment to close its side.</summary>
    internal void OnOutputFinished()
    {
        if (!IsClosed)
        {
            CloseAfter(Times.LingerTimeout);
        }
    }

    /// <summary>An exception is never the peer's doing; it ends this tunnel and is reported.</summary>
    internal void OnBug(Exception error)
    {
        Loop.Report(error);
        End(TunnelFailures.Internal(error));
    }

    private async Task ReceiveAsync()
    {
        try
        {
            await ReceiveUntilClosedAsync();
        }
        catch (Exception error)
        {
            OnBug(error);
        }
    }

    private async Task ReceiveUntilClosedAsync()
    {
        if (_input.HasLeftover)
        {
            // From the top of the stack, where no other tunnel's batch lies in the shared buffer.
            await Loop.YieldAsync();
            if (!IsClosed)
            {
                _input.BeginBatch(0);
                ProcessBatch();
            }
        }

        int batches = 0;
        while (!IsClosed)
        {
            IoResult read = _input.Receive(_socket);
            if (read.Bytes > 0)
            {
                ProcessBatch();
                if (++batches == BatchesPerYield)
                {
                    batches = 0;
                    await Loop.YieldAsync();
                }
            }
            else if (read.IsWouldBlock)
            {
                batches = 0;
                await _socket.WaitReadableAsync();
            }
            else
            {
                End(ReasonOf(read));
            }
        }
    }

    private ConnectionFailure ReasonOf(IoResult read) => read.IsError
        ? _socket.AbortReason ?? (_socket.IsDisposed ? TunnelFailures.Drained() : TunnelFailures.Socket(read.Errno, "receive: the tunnel's connection"))
        : _goAwayError == Http2Error.NoError ? TunnelFailures.Truncated() : TunnelFailures.GoneAway(_goAwayError);

    private void ProcessBatch()
    {
        ConnectionFailure? failure = DecryptBatch();
        _streams.Deliver();
        if (IsClosed)
        {
            return;
        }

        if (failure is not null)
        {
            Output.Flush();
            End(failure);
            return;
        }

        _input.EndBatch();
        if (!Output.IsEmpty)
        {
            Output.Schedule();
        }

        CloseIfIdle();
    }

    private unsafe ConnectionFailure? DecryptBatch()
    {
        while (true)
        {
            switch (_input.Next(_session, out byte* plaintext, out int length))
            {
                case TlsReadStatus.ApplicationData:
                    Http2.Receive(plaintext, length);
                    if (Http2.Failure is { } failure)
                    {
                        return TunnelFailures.PeerProtocol(failure);
                    }

                    break;
                case TlsReadStatus.Skipped:
                    break;
                case TlsReadStatus.NeedMore:
                    return null;
                case TlsReadStatus.Closed:
                    return _goAwayError == Http2Error.NoError ? TunnelFailures.Closed() : TunnelFailures.GoneAway(_goAwayError);
                default:
                    return TunnelFailures.Tls(_session.Failure!);
            }
        }
    }

    /// <summary>A server that drains stays until the client has seen its GOAWAY: a request may be on its way.</summary>
    private void CloseIfIdle()
    {
        if (!_closesWhenIdle || _streams.Count > 0 || IsClosed || _isClosing || (Http2.IsDraining && !Http2.IsDrainAnnounced))
        {
            return;
        }

        _isClosing = true;
        if (!Http2.IsDraining)
        {
            Http2.SendGoAway(_isServer ? int.MaxValue : 0, Http2Error.NoError);
        }

        Keepalive.Stop();
        CloseAfter(Times.FlushTimeout);
        Output.Finish();
    }

    private void CloseAfter(TimeSpan delay)
    {
        _closeTimer?.Cancel();
        _closeTimer = Loop.StartTimer(delay, static state => ((TunnelConnection)state!).End(TunnelFailures.Closed()), this);
    }

    private void End(ConnectionFailure failure)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        _tracking?.Dispose();
        Keepalive.Stop();
        _closeTimer?.Cancel();
        Turns.Clear();
        Output.Dispose();
        _socket.Dispose();
        _session.Dispose();
        _input.Dispose();
        failure = OfPeer(failure);
        if (_streams.Break(failure))
        {
            Failure = failure;
        }

        Closed?.Invoke(this);
    }
}
