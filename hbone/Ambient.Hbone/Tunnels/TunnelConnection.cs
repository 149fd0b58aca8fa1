using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// One HBONE connection: HTTP/2 CONNECT streams in mutual TLS 1.3 on one TCP socket. It lives on one loop and is used there only. What is
/// received is decrypted in one batch, given to the streams as pointers into the batch, and each touched stream's reader runs once.
/// </summary>
public sealed class TunnelConnection : IHttp2Events, IDisposable
{
    /// <summary>After our GOAWAY and FIN, how long the peer may take to close its side.</summary>
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(2);

    private readonly LoopSocket _socket;
    private readonly TlsSession _session;
    private readonly TunnelInput _input;
    private readonly TunnelKeepalive _keepalive;
    private readonly Dictionary<int, TunnelStream> _streams = [];
    private readonly List<TunnelStream> _touched = [];
    private readonly Queue<TunnelStream> _requests = new();
    private readonly LoopSignal _requestArrived = new();
    private readonly bool _isServer;
    private bool _closesWhenIdle;
    private bool _isClosing;

    /// <summary>Takes over a socket whose handshake is complete; <see cref="Start"/> makes it speak.</summary>
    internal TunnelConnection(LoopSocket socket, TlsSession session, ReadOnlySpan<byte> leftover, Http2Role role, Http2Options options)
    {
        _socket = socket;
        _session = session;
        _isServer = role == Http2Role.Server;
        _input = new TunnelInput(leftover);
        Http2 = new Http2Connection(role, options, this);
        Output = new TunnelOutput(socket, session, Http2);
        _keepalive = new TunnelKeepalive(this);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
    }

    public EventLoop Loop => _socket.Loop;

    /// <summary>The peer as its certificate, verified in the handshake, describes it.</summary>
    public TlsPeer Peer => _session.Peer;

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>Why the connection ended; null while it is up and after an end in order.</summary>
    public ConnectionFailure? Failure { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Streams that either side has still open.</summary>
    public int ActiveStreams => _streams.Count;

    /// <summary>A stream can be opened at once: no GOAWAY, no failure, room below the peer's limit.</summary>
    public bool CanOpenStream => !IsClosed && !_isClosing && Http2.CanOpenStream;

    /// <summary>Called once, on the loop, when the connection has ended.</summary>
    public Action<TunnelConnection>? Closed { get; set; }

    internal Http2Connection Http2 { get; }

    internal TunnelOutput Output { get; }

    /// <summary>Sends the preface and settings and begins to receive.</summary>
    public void Start()
    {
        Http2.Start();
        Output.Schedule();
        _keepalive.Start();
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
        _streams.Add(id, stream);
        Output.Schedule();
        return stream;
    }

    /// <summary>Server: the next CONNECT request, or null once the connection is closed.</summary>
    public async ValueTask<TunnelStream?> AcceptAsync()
    {
        while (true)
        {
            if (_requests.TryDequeue(out TunnelStream? request))
            {
                return request;
            }

            if (IsClosed)
            {
                return null;
            }

            await _requestArrived.WaitAsync();
        }
    }

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

    /// <summary>Nobody will open streams any more: closes now or when the last one ends.</summary>
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

    public void Dispose() => Abort(TunnelFailures.Drained());

    void IHttp2Events.OnRequest(int streamId, Http2Headers headers, bool endStream)
    {
        TunnelStream stream = new(this, streamId) { Request = headers };
        _streams.Add(streamId, stream);
        _requests.Enqueue(stream);
        if (endStream)
        {
            stream.OnReceiveEnd();
        }
    }

    void IHttp2Events.OnResponse(int streamId, Http2Headers headers, bool endStream)
    {
        if (Touch(streamId) is { } stream)
        {
            stream.OnResponse(headers);
            if (endStream)
            {
                stream.OnReceiveEnd();
            }
        }
    }

    unsafe void IHttp2Events.OnData(int streamId, byte* payload, int length, bool endStream)
    {
        if (Touch(streamId) is { } stream)
        {
            stream.OnData(payload, length);
            if (endStream)
            {
                stream.OnReceiveEnd();
            }
        }
    }

    void IHttp2Events.OnReset(int streamId, Http2Error error) => Touch(streamId)?.OnReset(error);

    void IHttp2Events.OnWritable(int streamId)
    {
        if (streamId != 0)
        {
            _streams.GetValueOrDefault(streamId)?.OnSendable();
            return;
        }

        foreach (TunnelStream stream in _streams.Values.ToArray())
        {
            stream.OnSendable();
        }
    }

    void IHttp2Events.OnGoAway(int lastStreamId, Http2Error error) => CloseWhenIdle();

    void IHttp2Events.OnPong(long payload) => _keepalive.OnPong(payload);

    void IHttp2Events.OnPeerSettings()
    {
    }

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
        if (!_streams.Remove(stream.Id) || IsClosed)
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

    /// <summary>The keepalive got no answer.</summary>
    internal void OnPingTimeout()
    {
        if (_isServer)
        {
            Http2.SendGoAway(int.MaxValue, Http2Error.NoError);
        }

        Abort(TunnelFailures.PingTimeout());
    }

    private async Task ReceiveAsync()
    {
        if (_input.HasLeftover)
        {
            _input.BeginBatch(0);
            ProcessBatch();
        }

        while (!IsClosed)
        {
            IoResult read = _input.Receive(_socket);
            if (read.Bytes > 0)
            {
                ProcessBatch();
            }
            else if (read.IsWouldBlock)
            {
                await _socket.WaitReadableAsync();
            }
            else
            {
                OnPeerGone(read.IsError ? TunnelFailures.Socket(read.Errno) : TunnelFailures.Closed());
            }
        }
    }

    private void ProcessBatch()
    {
        ConnectionFailure? failure = DecryptBatch();
        foreach (TunnelStream stream in _touched)
        {
            stream.IsTouched = false;
            stream.Deliver();
        }

        _touched.Clear();
        _input.EndBatch();
        if (_requests.Count > 0)
        {
            _requestArrived.Set();
        }

        if (failure is not null)
        {
            Output.Flush();
            OnPeerGone(failure);
            return;
        }

        if (!Output.IsEmpty)
        {
            Output.Schedule();
        }
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
                    return TunnelFailures.Closed();
                default:
                    return TunnelFailures.Tls(_session.Failure!);
            }
        }
    }

    /// <summary>A stream that this batch brought something for: its reader runs when the batch is decrypted.</summary>
    private TunnelStream? Touch(int streamId)
    {
        if (_streams.TryGetValue(streamId, out TunnelStream? stream) && !stream.IsTouched)
        {
            stream.IsTouched = true;
            _touched.Add(stream);
        }

        return stream;
    }

    private void CloseIfIdle()
    {
        if (_closesWhenIdle && _streams.Count == 0 && !IsClosed && !_isClosing)
        {
            _isClosing = true;
            Http2.SendGoAway(int.MaxValue, Http2Error.NoError);
            Output.Flush();
            _session.Close();
            Output.Flush();
            _socket.ShutdownSend();
            Loop.StartTimer(LingerTimeout, static state => ((TunnelConnection)state!).End(null), this);
        }
    }

    /// <summary>The peer closed or broke the connection; in order only when nothing was open.</summary>
    private void OnPeerGone(ConnectionFailure failure) => End(_streams.Count == 0 && failure.Reason == FailureReason.Reset ? null : failure);

    private void End(ConnectionFailure? failure)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        Failure = failure;
        _keepalive.Stop();
        foreach (TunnelStream stream in _streams.Values.ToArray())
        {
            stream.OnConnectionFailure(failure ?? TunnelFailures.Closed());
        }

        Output.Dispose();
        _socket.Dispose();
        _session.Dispose();
        _input.Dispose();
        _requestArrived.Set();
        Closed?.Invoke(this);
    }
}
