using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>Server: decides what a decoded header list means for its stream.</summary>
internal sealed class RequestReceiver(ConnectionCore core)
{
    // :status 431 as a literal with the name of static entry 8.
    private static ReadOnlySpan<byte> FieldsTooLarge => [0x08, 3, (byte)'4', (byte)'3', (byte)'1'];

    public void OnHeaders(int streamId, HeaderList list, bool endStream)
    {
        if ((streamId & 1) == 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 5.1.1", "a client's stream with an even id");
        }
        else if (core.FindOpen(streamId) is { } stream)
        {
            TrailerReceiver.OnTrailers(core, stream, list, endStream);
        }
        else if (streamId > core.LastAcceptedStream)
        {
            // Refused by our GOAWAY, which tells the client that it may try elsewhere (RFC 9113 6.8).
            core.HighestPeerStream = Math.Max(core.HighestPeerStream, streamId);
            core.SpendOverhead(1, "HEADERS after GOAWAY");
        }
        else if (streamId <= core.HighestPeerStream)
        {
            OnClosedStream(streamId);
        }
        else
        {
            core.HighestPeerStream = streamId;
            Open(streamId, list, endStream);
        }
    }

    private void OnClosedStream(int streamId)
    {
        switch (core.Closed.Find(streamId))
        {
            case StreamEnd.ResetHere:
                core.SpendOverhead(1, "HEADERS on a stream that was reset");
                break;
            case StreamEnd.ResetByPeer:
                core.Refuse(streamId, Http2Error.StreamClosed, "for HEADERS after RST_STREAM");
                break;
            case StreamEnd.EndedByPeer:
                core.Fail(Http2Error.StreamClosed, "RFC 9113 5.1", "HEADERS on a stream that the peer had ended");
                break;
            default:
                core.Fail(Http2Error.ProtocolError, "RFC 9113 5.1.1", "a new stream with a lower id than an earlier one");
                break;
        }
    }

    private void Open(int streamId, HeaderList list, bool endStream)
    {
        // Closed streams whose bytes wait for the application count too, at twice the limit: they hold memory.
        int most = core.Options.MaxConcurrentStreams;
        if (core.ActiveStreams >= most || core.Streams.Count >= 2 * most)
        {
            core.Refuse(streamId, Http2Error.RefusedStream, "for exceeding the number of concurrent streams");
            return;
        }

        if (list.IsTooLarge)
        {
            RefuseTooLarge(streamId, endStream);
            return;
        }

        MessageHead head = RequestRules.Check(list);
        if (head.Error is null && endStream && head.ContentLength > 0)
        {
            head.Error = "a content-length without content";
        }

        if (head.Error is not null)
        {
            core.Refuse(streamId, Http2Error.ProtocolError, $"for {head.Error}");
            return;
        }

        Http2Stream stream = core.AddStream(streamId);
        stream.IsTunnel = head.IsConnect;
        stream.ContentRemaining = head.ContentLength;
        stream.RemoteEnded = endStream;
        core.LastProcessedStream = streamId;
        core.Events.OnRequest(streamId, list.ToHeaders(), endStream);
    }

    /// <summary>RFC 9113 10.5.1: the block was decoded, so the connection lives on, and the client learns why from the status (RFC 6585 5).</summary>
    private void RefuseTooLarge(int streamId, bool endStream)
    {
        if (!core.TryReserveAnswer(FrameHeader.Size + FieldsTooLarge.Length))
        {
            return;
        }

        core.LastProcessedStream = streamId;
        FrameWriter.HeaderBlock(core.Output, streamId, FieldsTooLarge, endStream: true, core.Peer.MaxFrameSize);
        if (!endStream)
        {
            core.Refuse(streamId, Http2Error.NoError, "for too large a header list");
        }
        else if (core.SpendReset("for too large a header list"))
        {
            core.Closed.Add(streamId, StreamEnd.EndedByPeer);
        }
    }
}
