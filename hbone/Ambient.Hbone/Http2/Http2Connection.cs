using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2;

/// <summary>
/// One HTTP/2 connection (RFC 9113) for CONNECT tunnels, without I/O: received bytes go in, events come out, frames to be sent are
/// appended to <see cref="Output"/>. Belongs to one thread. Methods that take a stream id do nothing when that stream is gone,
/// since the peer may end it at any time; exceptions are bugs of the caller.
/// </summary>
public sealed unsafe class Http2Connection
{
    /// <summary>Bytes in front of each DATA payload.</summary>
    public const int DataHeaderBytes = FrameHeader.Size;

    private readonly ConnectionCore _core;
    private readonly DrainSequence _drain;
    private readonly SettingsFrames _settings;
    private readonly StreamSender _sender;
    private readonly FrameReader _reader;
    private bool _isStarted;

    /// <exception cref="ArgumentOutOfRangeException">An option has a value that RFC 9113 does not allow.</exception>
    public Http2Connection(Http2Role role, Http2Options options, IHttp2Events events)
    {
        options.Validate();
        HpackEncoder encoder = new();
        _core = new ConnectionCore(role, options, events);
        _drain = new DrainSequence(_core);
        _sender = new StreamSender(_core, encoder);
        HeaderFrames headers = new(_core);
        _settings = new SettingsFrames(_core, encoder, headers);
        _reader = new FrameReader(_core, headers, _settings, new ControlFrames(_core, _drain));
    }

    /// <summary>What is to be sent, before any DATA frame whose header is written later.</summary>
    public Http2Output Output => _core.Output;

    /// <summary>Why the connection ended itself; send what is in <see cref="Output"/>, then close.</summary>
    public Http2Failure? Failure => _core.Failure;

    /// <summary>Streams that are open or half closed.</summary>
    public int ActiveStreams => _core.ActiveStreams;

    /// <summary>Client: <see cref="OpenStream"/> would succeed now.</summary>
    public bool CanOpenStream => _sender.CanOpen(_drain.HasBegun);

    /// <summary>A GOAWAY was sent. Streams that arrive before the final one of a drain are still reported.</summary>
    public bool IsDraining => _drain.HasBegun;

    /// <summary>The last GOAWAY of a drain was sent: no stream arrives any more.</summary>
    public bool IsDrainAnnounced => _drain.IsAnnounced;

    /// <summary>The largest DATA payload the peer accepts; never less than 16,384.</summary>
    public int MaxSendFrameSize => _core.Peer.MaxFrameSize;

    /// <summary>Appends preface (client), SETTINGS and the WINDOW_UPDATE that raises the connection's window (node-proxy 1.2).</summary>
    public void Start()
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The connection was started already.");
        }

        _isStarted = true;
        if (!_core.IsServer)
        {
            FrameWriter.Preface.CopyTo(_core.Output.Append(FrameWriter.Preface.Length));
        }

        _settings.SendOurs();
    }

    /// <summary>
    /// Consumes all bytes, however they are cut. A broken rule resets its stream or ends the connection: then <see cref="Failure"/> is
    /// set, a GOAWAY is in the output, and what follows is ignored.
    /// </summary>
    public void Receive(byte* bytes, int length) => _reader.Read(bytes, length);

    /// <summary>
    /// Client: sends a request whose pseudo headers are in <paramref name="headers"/>. Does not wait for the server's SETTINGS.
    /// -1 when no stream can be opened: too many are open, a GOAWAY was sent or received, the connection failed, or ids are used up.
    /// </summary>
    public int OpenStream(Http2Headers headers) => _sender.Open(headers, _drain.HasBegun);

    /// <summary>
    /// Server: the one final response of a stream. After one that ends a stream whose request has not ended,
    /// <see cref="Reset"/> with NO_ERROR tells the client to stop (RFC 9113 8.1). The status is 200 to 999, the headers are regular fields.
    /// </summary>
    public void SendResponse(int streamId, int status, Http2Headers? headers, bool endStream) =>
        _sender.Answer(streamId, status, headers, endStream);

    /// <summary>Payload bytes that may be sent now: the smaller of both windows, 0 for a stream that is gone or ended here.</summary>
    public int SendCredit(int streamId) => _sender.Credit(streamId);

    /// <summary>
    /// Writes the header of a DATA frame and charges the windows; the payload goes right behind it, at most <see cref="SendCredit"/>
    /// and <see cref="MaxSendFrameSize"/> bytes.
    /// </summary>
    /// <returns><see cref="DataHeaderBytes"/>, or 0 when the stream is gone and nothing may be sent.</returns>
    public int WriteDataHeader(byte* nineBytes, int streamId, int payloadLength, bool endStream) =>
        _sender.WriteDataHeader(nineBytes, streamId, payloadLength, endStream);

    /// <summary>Ends our half with an empty DATA frame, which needs no window.</summary>
    public void EndStream(int streamId) => _sender.End(streamId);

    /// <summary>
    /// Gives back bytes of OnData once the application has them. WINDOW_UPDATEs are sent for a quarter of a window at a time. Also due after
    /// the end of the stream: until then its bytes stay charged to the connection.
    /// </summary>
    public void Release(int streamId, int bytes)
    {
        Http2Stream? stream = _core.Streams.Find(streamId);
        if (stream is null)
        {
            return;
        }

        if ((uint)bytes > (uint)stream.Unreleased)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, $"stream {streamId} has {stream.Unreleased} bytes to release");
        }

        stream.Unreleased -= bytes;
        _core.ReturnToConnection(bytes);
        _core.ReturnToStream(stream, bytes);
        if (stream.IsClosed && stream.Unreleased == 0)
        {
            _core.Forget(stream);
        }
    }

    /// <summary>
    /// Drops a stream: RST_STREAM if it is not closed yet, and its unreleased bytes are given back. No OnReset follows. Always safe.
    /// </summary>
    public void Reset(int streamId, Http2Error error)
    {
        Http2Stream? stream = _core.Streams.Find(streamId);
        if (stream is null)
        {
            return;
        }

        if (stream.IsClosed)
        {
            _core.Forget(stream);
            return;
        }

        if (!_core.IsOver)
        {
            FrameWriter.Reset(_core.Output, streamId, error);
        }

        _core.Close(stream, stream.RemoteEnded ? StreamEnd.EndedByPeer : StreamEnd.ResetHere);
    }

    /// <summary>The answer arrives as OnPong with the same payload.</summary>
    public void SendPing(long payload)
    {
        if (!_core.IsOver)
        {
            FrameWriter.Ping(_core.Output, payload, FrameFlags.None);
        }
    }

    /// <summary>At once, without the steps of a drain. Streams of the peer above <paramref name="lastStreamId"/> are not taken any more.</summary>
    public void SendGoAway(int lastStreamId, Http2Error error) => _drain.Send(lastStreamId, error);

    /// <summary>The same from a server that breaks off: names the last stream that it took, so that the client knows which requests it may send elsewhere.</summary>
    public void BreakOff(Http2Error error) => _drain.Send(_core.LastProcessedStream, error);

    /// <summary>
    /// node-proxy 10.2 step 3: GOAWAY 2^31-1, a PING round trip, then GOAWAY with the last stream taken. Existing streams continue.
    /// A client sends one GOAWAY. Repeated calls do nothing.
    /// </summary>
    public void BeginDrain() => _drain.Begin();
}
