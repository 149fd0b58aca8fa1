using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>
/// DATA (RFC 9113 6.1), handed on chunk by chunk as it arrives. Windows are charged for the whole frame when its header is read.
/// </summary>
internal sealed unsafe class DataFrames(ConnectionCore core)
{
    private Http2Stream? _stream;
    private int _dataLeft;
    private int _paddingLeft;
    private bool _expectsPadLength;
    private bool _endStream;

    public bool IsComplete => _dataLeft == 0 && _paddingLeft == 0 && !_expectsPadLength;

    public void Begin(FrameHeader header)
    {
        _dataLeft = header.Length;
        _paddingLeft = 0;
        _expectsPadLength = header.Has(FrameFlags.Padded);
        _endStream = header.Has(FrameFlags.EndStream);
        _stream = Admit(header);
        if (core.IsOver)
        {
            return;
        }

        core.DataBytesMoved += header.Length;
        if (_expectsPadLength)
        {
            if (header.Length == 0)
            {
                core.Fail(Http2Error.FrameSizeError, "RFC 9113 6.1", "a padded DATA frame without pad length");
            }
        }
        else if (header.Length == 0 && (_endStream || core.SpendOverhead(1, "an empty DATA frame")))
        {
            EndWithoutData();
        }
    }

    /// <summary>Takes what belongs to this frame; the number of bytes taken.</summary>
    public int Consume(byte* bytes, int available)
    {
        if (_expectsPadLength)
        {
            ReadPadLength(*bytes);
            return 1;
        }

        if (_dataLeft > 0)
        {
            int length = Math.Min(available, _dataLeft);
            _dataLeft -= length;
            if (_stream is not null)
            {
                Deliver(_stream, bytes, length);
            }

            return length;
        }

        int padding = Math.Min(available, _paddingLeft);
        _paddingLeft -= padding;
        if (_paddingLeft == 0)
        {
            EndWithoutData();
        }

        return padding;
    }

    private void Deliver(Http2Stream stream, byte* bytes, int length)
    {
        if (stream.IsClosed)
        {
            // Reset from within the event of an earlier chunk: the frame's rest is charged to the connection and nobody will release it.
            core.ReturnToConnection(length);
            return;
        }

        stream.Unreleased += length;
        bool isLast = _endStream && _dataLeft == 0 && _paddingLeft == 0;
        if (isLast)
        {
            stream.RemoteEnded = true;
        }

        core.Events.OnData(stream.Id, bytes, length, isLast);
        if (isLast)
        {
            core.CloseIfEnded(stream);
        }
    }

    private void ReadPadLength(byte padding)
    {
        _expectsPadLength = false;
        int frameLength = _dataLeft;
        if (padding >= frameLength)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.1", "padding as long as its DATA frame");
            return;
        }

        _dataLeft = frameLength - 1 - padding;
        _paddingLeft = padding;
        core.DataBytesMoved -= padding + 1;
        if (_stream is not null)
        {
            // Padding counts in flow control and nobody else will give it back.
            core.ReturnToStream(_stream, padding + 1);
            core.ReturnToConnection(padding + 1);
            TakePromisedContent(_stream, _dataLeft);
        }

        if (_dataLeft == 0 && core.SpendOverhead(1, "a DATA frame of padding only") && padding == 0)
        {
            EndWithoutData();
        }
    }

    /// <summary>The frame is over and its last bytes were no data: only its END_STREAM is left to tell.</summary>
    private void EndWithoutData()
    {
        if (_stream is { IsClosed: false } stream && _endStream)
        {
            stream.RemoteEnded = true;
            core.Events.OnData(stream.Id, null, 0, true);
            core.CloseIfEnded(stream);
        }
    }

    /// <summary>The stream that gets the frame's bytes; null when they are to be discarded, which gives them back to the connection.</summary>
    private Http2Stream? Admit(FrameHeader header)
    {
        if (!core.Receive.TryTake(header.Length))
        {
            core.Fail(Http2Error.FlowControlError, "RFC 9113 6.9.1", "more data than the connection's window");
            return null;
        }

        Http2Stream? stream = core.Streams.Find(header.StreamId);
        if (stream is null || stream.IsClosed)
        {
            RejectWithoutStream(header.StreamId);
            stream = null;
        }
        else if (stream.RemoteEnded)
        {
            core.FailStream(stream, Http2Error.StreamClosed, "for DATA after END_STREAM");
        }
        else if (!core.IsServer && !stream.IsAnswered)
        {
            core.FailStream(stream, Http2Error.ProtocolError, "for DATA before the response");
        }
        else if (!stream.Receive.TryTake(header.Length))
        {
            core.FailStream(stream, Http2Error.FlowControlError, "for more DATA than its window");
        }
        else if (!header.Has(FrameFlags.Padded))
        {
            TakePromisedContent(stream, header.Length);
        }

        if (stream is null || stream.IsClosed)
        {
            core.ReturnToConnection(header.Length);
            return null;
        }

        return stream;
    }

    private void RejectWithoutStream(int streamId)
    {
        if (streamId == 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.1", "DATA on stream 0");
        }
        else if (core.IsIdle(streamId))
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 5.1", "DATA on an idle stream");
        }
        else if (core.Closed.Find(streamId) == StreamEnd.EndedByPeer)
        {
            core.Fail(Http2Error.StreamClosed, "RFC 9113 5.1", "DATA on a stream that the peer had ended");
        }
        else if (core.Closed.Find(streamId) == StreamEnd.ResetByPeer)
        {
            core.Refuse(streamId, Http2Error.StreamClosed, "for DATA after RST_STREAM");
        }
    }

    private void TakePromisedContent(Http2Stream stream, int length)
    {
        if (stream.ContentRemaining < 0 || stream.IsClosed)
        {
            return;
        }

        stream.ContentRemaining -= length;
        if (stream.ContentRemaining < 0 || (_endStream && stream.ContentRemaining > 0))
        {
            core.FailStream(stream, Http2Error.ProtocolError, "for content that differs from its content-length");
        }
    }
}
