using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Messages;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>HEADERS and CONTINUATION (RFC 9113 6.2, 6.10): puts header blocks together, decodes them and hands them to the role's receiver.</summary>
internal sealed class HeaderFrames(ConnectionCore core)
{
    private const int PriorityBytes = 5;
    private const int MaxPadding = 255;

    private readonly HpackDecoder _decoder = new(core.Options.HeaderTableSize);
    private readonly HeaderList _list = new(core.Options.MaxHeaderListSize);
    private readonly ByteAccumulator _block = new();
    private readonly RequestReceiver _requests = new(core);
    private readonly ResponseReceiver _responses = new(core);
    private bool _endStream;
    private int _frames;

    /// <summary>The stream whose CONTINUATION has to come next; 0 when none has (RFC 9113 6.10).</summary>
    public int ExpectedContinuation { get; private set; }

    /// <summary>The longest payload worth reading; more cannot be a block within the limit.</summary>
    public int MaxPayload => core.Options.MaxHeaderListSize + PriorityBytes + 1 + MaxPadding;

    public void ApplyAcknowledgedTableSize() => _decoder.ApplyAcknowledgedTableSize(core.Options.HeaderTableSize);

    public void OnHeaders(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.2", "HEADERS on stream 0");
            return;
        }

        if (!TryStripPadding(header, ref payload) || !TryStripPriority(header, ref payload))
        {
            return;
        }

        _endStream = header.Has(FrameFlags.EndStream);
        _frames = 1;
        if (header.Has(FrameFlags.EndHeaders))
        {
            Complete(header.StreamId, payload);
        }
        else if (TryAppend(payload))
        {
            ExpectedContinuation = header.StreamId;
        }
    }

    public void OnContinuation(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (ExpectedContinuation == 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.10", "CONTINUATION without HEADERS");
            return;
        }

        if (++_frames > core.Options.MaxHeaderFrames)
        {
            core.Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5", "a header block in too many frames");
            return;
        }

        if (TryAppend(payload) && header.Has(FrameFlags.EndHeaders))
        {
            ExpectedContinuation = 0;
            Complete(header.StreamId, _block.Span);
            _block.Clear();
        }
    }

    private bool TryAppend(ReadOnlySpan<byte> fragment)
    {
        if (_block.Length + fragment.Length > core.Options.MaxHeaderListSize)
        {
            core.Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5.1", "a header block larger than the header list may be");
            return false;
        }

        _block.Append(fragment);
        return true;
    }

    private void Complete(int streamId, ReadOnlySpan<byte> block)
    {
        string? error = _decoder.Decode(block, _list);
        if (error is not null)
        {
            core.Fail(Http2Error.CompressionError, "RFC 7541", error);
        }
        else if (core.IsServer)
        {
            _requests.OnHeaders(streamId, _list, _endStream);
        }
        else
        {
            _responses.OnHeaders(streamId, _list, _endStream);
        }

        _list.Clear();
    }

    private bool TryStripPadding(FrameHeader header, ref ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameFlags.Padded))
        {
            return true;
        }

        if (payload.IsEmpty)
        {
            core.Fail(Http2Error.FrameSizeError, "RFC 9113 6.2", "a padded HEADERS frame without pad length");
            return false;
        }

        int padding = payload[0];
        if (padding >= payload.Length)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.2", "padding as long as its HEADERS frame");
            return false;
        }

        payload = payload[1..^padding];
        return true;
    }

    /// <summary>Priorities are deprecated (RFC 9113 5.3): their bytes are only counted.</summary>
    private bool TryStripPriority(FrameHeader header, ref ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameFlags.Priority))
        {
            return true;
        }

        if (payload.Length < PriorityBytes)
        {
            core.Fail(Http2Error.FrameSizeError, "RFC 9113 6.2", "a HEADERS frame too short for its priority fields");
            return false;
        }

        payload = payload[PriorityBytes..];
        return true;
    }
}
