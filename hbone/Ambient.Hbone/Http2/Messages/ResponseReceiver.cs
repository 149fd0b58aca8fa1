using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>Client: decides what a decoded header list means for its stream.</summary>
internal sealed class ResponseReceiver(ConnectionCore core)
{
    public void OnHeaders(int streamId, HeaderList list, bool endStream)
    {
        if (core.FindOpen(streamId) is not { } stream)
        {
            OnAbsentStream(streamId);
        }
        else if (stream.IsAnswered || stream.RemoteEnded)
        {
            TrailerReceiver.OnTrailers(core, stream, list, endStream);
        }
        else if (list.IsTooLarge)
        {
            core.FailStream(stream, Http2Error.EnhanceYourCalm, "for too large a header list");
        }
        else
        {
            Answer(stream, list, endStream);
        }
    }

    private void OnAbsentStream(int streamId)
    {
        if (core.IsIdle(streamId))
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 5.1", "HEADERS on an idle stream");
            return;
        }

        switch (core.Closed.Find(streamId))
        {
            case StreamEnd.EndedByPeer:
                core.Fail(Http2Error.StreamClosed, "RFC 9113 5.1", "HEADERS on a stream that the peer had ended");
                break;
            case StreamEnd.ResetByPeer:
                core.Refuse(streamId, Http2Error.StreamClosed, "for HEADERS after RST_STREAM");
                break;
            default:
                core.SpendOverhead(1, "HEADERS on a stream that was reset");
                break;
        }
    }

    private void Answer(Http2Stream stream, HeaderList list, bool endStream)
    {
        MessageHead head = ResponseRules.Check(list, endStream);

        // The answer to a CONNECT has no content in a success, and its content-length is to be ignored (RFC 9110 9.3.6).
        bool opensTunnel = stream.IsTunnel && head.Status is >= 200 and < 300;
        bool hasContentLength = !opensTunnel && head.ContentLength >= 0;
        if (head.Error is null && endStream && hasContentLength && head.ContentLength > 0 && head.Status != 304)
        {
            head.Error = "a content-length without content";
        }

        if (head.Error is not null)
        {
            core.FailStream(stream, Http2Error.ProtocolError, $"for {head.Error}");
            return;
        }

        if (head.Status < 200)
        {
            core.SpendOverhead(1, "an interim response");
            return;
        }

        stream.IsAnswered = true;
        stream.IsTunnel = opensTunnel;
        stream.ContentRemaining = hasContentLength ? head.ContentLength : -1;
        stream.RemoteEnded = endStream;
        core.Events.OnResponse(stream.Id, list.ToHeaders(), endStream);
        core.CloseIfEnded(stream);
    }
}
