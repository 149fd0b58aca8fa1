namespace Ambient.Hbone.Http2.Streams;

/// <summary>How a stream came to be closed; decides what a late frame on it means (RFC 9113 5.1, "closed").</summary>
internal enum StreamEnd
{
    /// <summary>Never opened, or closed so long ago that it was forgotten.</summary>
    Unknown,

    /// <summary>The peer has sent END_STREAM: it may only send WINDOW_UPDATE, RST_STREAM and PRIORITY any more.</summary>
    EndedByPeer,

    ResetByPeer,

    /// <summary>Anything may still be under way.</summary>
    ResetHere,
}
