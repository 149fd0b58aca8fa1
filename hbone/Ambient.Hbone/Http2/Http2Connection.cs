namespace Ambient.Hbone.Http2;

/// <summary>One HTTP/2 connection for CONNECT tunnels without I/O.</summary>
public sealed unsafe class Http2Connection
{
    public Http2Connection(Http2Role role, Http2Options options, IHttp2Events events)
    {
        options.Validate();
        Role = role;
        _ = events;
    }

    public Http2Role Role { get; }
    public Http2Output Output { get; } = new();
    public Http2Failure? Failure => throw new NotImplementedException();
    public int ActiveStreams => throw new NotImplementedException();
    public bool CanOpenStream => throw new NotImplementedException();
    public bool IsDraining => throw new NotImplementedException();
    public int MaxSendFrameSize => throw new NotImplementedException();
    public void Start() => throw new NotImplementedException();
    public void Receive(byte* bytes, int length) => throw new NotImplementedException();
    public int OpenStream(Http2Headers headers) => throw new NotImplementedException();
    public void SendResponse(int streamId, int status, Http2Headers? headers, bool endStream) => throw new NotImplementedException();
    public int SendCredit(int streamId) => throw new NotImplementedException();
    public int WriteDataHeader(byte* nineBytes, int streamId, int payloadLength, bool endStream) => throw new NotImplementedException();
    public void EndStream(int streamId) => throw new NotImplementedException();
    public void Release(int streamId, int bytes) => throw new NotImplementedException();
    public void Reset(int streamId, Http2Error error) => throw new NotImplementedException();
    public void SendPing(long payload) => throw new NotImplementedException();
    public void SendGoAway(int lastStreamId, Http2Error error) => throw new NotImplementedException();
    public void BeginDrain() => throw new NotImplementedException();
}
