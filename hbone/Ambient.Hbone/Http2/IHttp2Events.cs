namespace Ambient.Hbone.Http2;

/// <summary>
/// What a connection reports while it consumes received bytes. Every method runs inside <see cref="Http2Connection.Receive"/>
/// and may call any method of the connection except Receive.
/// </summary>
public interface IHttp2Events
{
    /// <summary>Server: a well-formed request, any method. The receiver owns <paramref name="headers"/>.</summary>
    void OnRequest(int streamId, Http2Headers headers, bool endStream);

    /// <summary>Client: the final response (1xx are consumed). The receiver owns <paramref name="headers"/>.</summary>
    void OnResponse(int streamId, Http2Headers headers, bool endStream);

    /// <summary>
    /// A chunk of a DATA frame, pointing into the bytes given to Receive. Each byte must be handed back once, by
    /// <see cref="Http2Connection.Release"/>, or all of a stream by <see cref="Http2Connection.Reset"/>.
    /// May have length 0 when <paramref name="endStream"/> is set.
    /// </summary>
    unsafe void OnData(int streamId, byte* payload, int length, bool endStream);

    /// <summary>
    /// The stream ended abnormally: the peer reset it, its GOAWAY refused it (<see cref="Http2Error.RefusedStream"/>), or it was
    /// reset here because the peer broke a rule on it. After NO_ERROR and CANCEL delivered bytes are still to be
    /// released (node-proxy 1.5 lets them reach the application); after any other code they have been given back already.
    /// </summary>
    void OnReset(int streamId, Http2Error error);

    /// <summary>The send credit of the stream was exhausted and is no longer; stream 0: that of every stream may have grown.</summary>
    void OnWritable(int streamId);

    /// <summary>The peer takes no new streams. Streams above <paramref name="lastStreamId"/> are then reported by OnReset.</summary>
    void OnGoAway(int lastStreamId, Http2Error error);

    void OnPong(long payload);

    /// <summary>A SETTINGS frame of the peer was applied.</summary>
    void OnPeerSettings();
}
