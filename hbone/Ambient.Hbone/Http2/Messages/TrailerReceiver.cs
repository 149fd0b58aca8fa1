using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>A header list on a stream that already had one. Trailers are checked and dropped; their END_STREAM counts.</summary>
internal static class TrailerReceiver
{
    public static unsafe void OnTrailers(ConnectionCore core, Http2Stream stream, HeaderList list, bool endStream)
    {
        if (stream.RemoteEnded)
        {
            core.FailStream(stream, Http2Error.StreamClosed, "for HEADERS after END_STREAM");
        }
        else if (stream.IsTunnel)
        {
            // RFC 9113 8.5: a tunnel carries DATA only.
            core.FailStream(stream, Http2Error.ProtocolError, "for HEADERS within a tunnel");
        }
        else if (!endStream)
        {
            core.FailStream(stream, Http2Error.ProtocolError, "for trailers that do not end the stream");
        }
        else if (list.IsTooLarge || FieldRules.CheckTrailers(list) is not null || stream.ContentRemaining > 0)
        {
            core.FailStream(stream, Http2Error.ProtocolError, "for malformed trailers");
        }
        else
        {
            stream.RemoteEnded = true;
            core.Events.OnData(stream.Id, null, 0, true);
            core.CloseIfEnded(stream);
        }
    }
}
