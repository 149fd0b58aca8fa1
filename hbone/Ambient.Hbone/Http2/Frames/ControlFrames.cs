using System.Buffers.Binary;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>WINDOW_UPDATE, RST_STREAM, PING, GOAWAY and PRIORITY (RFC 9113 6.3, 6.4, 6.7 to 6.9).</summary>
internal sealed class ControlFrames(ConnectionCore core, DrainSequence drain)
{
    public const int GoAwayBytes = 8;
    private const int WindowUpdateBytes = 4;
    private const int ResetBytes = 4;
    private const int PingBytes = 8;
    private const int PriorityBytes = 5;

    /// <summary>Checks what can be told from the header; false ends the connection.</summary>
    public bool CheckHeader(FrameHeader header)
    {
        switch (header.Type)
        {
            case FrameType.WindowUpdate:
                return CheckLength(header, WindowUpdateBytes, "RFC 9113 6.9");
            case FrameType.ResetStream:
                return CheckLength(header, ResetBytes, "RFC 9113 6.4") && CheckStream(header, isConnectionFrame: false, "RFC 9113 6.4");
            case FrameType.Ping:
                return CheckStream(header, isConnectionFrame: true, "RFC 9113 6.7") && CheckLength(header, PingBytes, "RFC 9113 6.7");
            default:
                return CheckStream(header, isConnectionFrame: true, "RFC 9113 6.8")
                    && (header.Length >= GoAwayBytes || CheckLength(header, GoAwayBytes, "RFC 9113 6.8"));
        }
    }

    public void OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.WindowUpdate:
                OnWindowUpdate(header.StreamId, BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue);
                break;
            case FrameType.ResetStream:
                OnReset(header.StreamId, (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload));
                break;
            case FrameType.Ping:
                OnPing(header, BinaryPrimitives.ReadInt64BigEndian(payload));
                break;
            default:
                int lastStreamId = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
                OnGoAway(lastStreamId, (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]));
                break;
        }
    }

    /// <summary>Ignored (RFC 9113 5.3.2) but for its form, of which the payload is no part.</summary>
    public void OnPriority(FrameHeader header)
    {
        if (header.StreamId == 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.3", "PRIORITY on stream 0");
        }
        else if (header.Length == PriorityBytes || core.FindOpen(header.StreamId) is not { } stream)
        {
            core.SpendOverhead(1, "PRIORITY");
        }
        else
        {
            core.FailStream(stream, Http2Error.FrameSizeError, "for PRIORITY of a wrong size");
        }
    }

    private void OnWindowUpdate(int streamId, int increment)
    {
        if (streamId == 0)
        {
            OnConnectionWindow(increment);
        }
        else if (core.IsIdle(streamId))
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 5.1", "WINDOW_UPDATE on an idle stream");
        }
        else if (core.FindOpen(streamId) is { } stream)
        {
            OnStreamWindow(stream, increment);
        }
        else
        {
            core.SpendOverhead(1, "WINDOW_UPDATE on a closed stream");
        }
    }

    private void OnConnectionWindow(int increment)
    {
        long before = core.SendWindow;
        if (increment == 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.9", "WINDOW_UPDATE of 0 on the connection");
        }
        else if (before + increment > int.MaxValue)
        {
            core.Fail(Http2Error.FlowControlError, "RFC 9113 6.9.1", "a connection window above 2^31-1");
        }
        else if (core.SpendOverhead(ConnectionCore.CostOfWindowUpdate(before, increment), "WINDOW_UPDATE"))
        {
            core.SendWindow = before + increment;
            if (before <= 0)
            {
                core.Events.OnWritable(0);
            }
        }
    }

    private void OnStreamWindow(Http2Stream stream, int increment)
    {
        long before = stream.SendWindow;
        if (increment == 0)
        {
            core.FailStream(stream, Http2Error.ProtocolError, "for WINDOW_UPDATE of 0");
        }
        else if (before + increment > int.MaxValue)
        {
            core.FailStream(stream, Http2Error.FlowControlError, "for a window above 2^31-1");
        }
        else if (core.SpendOverhead(ConnectionCore.CostOfWindowUpdate(before, increment), "WINDOW_UPDATE"))
        {
            stream.SendWindow = before + increment;
            if (before <= 0 && stream.SendWindow > 0 && core.SendWindow > 0)
            {
                core.Events.OnWritable(stream.Id);
            }
        }
    }

    private void OnReset(int streamId, Http2Error error)
    {
        if (core.IsIdle(streamId))
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 5.1", "RST_STREAM on an idle stream");
        }
        else if (core.FindOpen(streamId) is not { } stream)
        {
            core.SpendOverhead(1, "RST_STREAM on a closed stream");
        }
        else if (!core.IsServer || stream.IsAnswered || core.SpendReset("by the peer before an answer"))
        {
            // node-proxy 1.5: what was received before an orderly reset still reaches the application.
            bool isOrderly = error is Http2Error.NoError or Http2Error.Cancel;
            core.Close(stream, StreamEnd.ResetByPeer, keepsUnreleased: isOrderly);
            core.Events.OnReset(streamId, error);
        }
    }

    private void OnPing(FrameHeader header, long payload)
    {
        if (header.Has(FrameFlags.Acknowledge))
        {
            if (core.SpendOverhead(1, "PING acknowledgement") && !drain.TakePong(payload))
            {
                core.Events.OnPong(payload);
            }
        }
        else if (core.SpendOverhead(1, "PING") && core.TryReserveAnswer(FrameHeader.Size + PingBytes))
        {
            FrameWriter.Ping(core.Output, payload, FrameFlags.Acknowledge);
        }
    }

    private void OnGoAway(int lastStreamId, Http2Error error)
    {
        if (core.PeerIsGoingAway && lastStreamId > core.PeerLastAcceptedStream)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.8", "a GOAWAY that takes back an earlier one");
            return;
        }

        if (!core.SpendOverhead(1, "GOAWAY"))
        {
            return;
        }

        core.PeerIsGoingAway = true;
        core.PeerLastAcceptedStream = lastStreamId;
        core.Events.OnGoAway(lastStreamId, error);
        if (core.IsServer)
        {
            return;
        }

        foreach (Http2Stream stream in core.Streams.Snapshot())
        {
            if (stream.Id > lastStreamId && !stream.IsClosed)
            {
                core.Close(stream, StreamEnd.ResetByPeer);
                core.Events.OnReset(stream.Id, Http2Error.RefusedStream);
            }
        }
    }

    private bool CheckLength(FrameHeader header, int length, string section)
    {
        if (header.Length != length)
        {
            core.Fail(Http2Error.FrameSizeError, section, $"a frame of type {header.Type} with {header.Length} bytes");
        }

        return !core.IsOver;
    }

    private bool CheckStream(FrameHeader header, bool isConnectionFrame, string section)
    {
        if (header.StreamId == 0 != isConnectionFrame)
        {
            core.Fail(Http2Error.ProtocolError, section, $"a frame of type {header.Type} on stream {header.StreamId}");
        }

        return !core.IsOver;
    }
}
