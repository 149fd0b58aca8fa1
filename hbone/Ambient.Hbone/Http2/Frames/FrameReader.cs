namespace Ambient.Hbone.Http2.Frames;

/// <summary>
/// Cuts received bytes into frames. DATA is streamed; of other frames at most the bytes that are of use are collected when they arrive in
/// pieces, and none are copied when they arrive whole.
/// </summary>
internal sealed unsafe class FrameReader
{
    private readonly ConnectionCore _core;
    private readonly DataFrames _data;
    private readonly HeaderFrames _headers;
    private readonly SettingsFrames _settings;
    private readonly ControlFrames _control;
    private readonly ByteAccumulator _payload = new();
    private readonly byte[] _carry = new byte[FrameHeader.Size];
    private Phase _phase;
    private FrameHeader _header;
    private int _carried;
    private int _needed;
    private int _skip;

    public FrameReader(ConnectionCore core, HeaderFrames headers, SettingsFrames settings, ControlFrames control)
    {
        _core = core;
        _data = new DataFrames(core);
        _headers = headers;
        _settings = settings;
        _control = control;
        _phase = core.IsServer ? Phase.Preface : Phase.Header;
    }

    private enum Phase
    {
        Header,
        Data,
        Payload,
        Skip,
        Preface,
    }

    public void Read(byte* bytes, int length)
    {
        byte* end = bytes + length;
        while (bytes < end && !_core.IsOver)
        {
            int available = (int)(end - bytes);
            switch (_phase)
            {
                case Phase.Header:
                    bytes += ReadHeader(bytes, available);
                    break;
                case Phase.Data:
                    bytes += _data.Consume(bytes, available);
                    _phase = _data.IsComplete ? Phase.Header : Phase.Data;
                    break;
                case Phase.Payload:
                    bytes += ReadPayload(bytes, available);
                    break;
                case Phase.Skip:
                    bytes += Skip(available);
                    break;
                default:
                    bytes += ReadPreface(bytes, available);
                    break;
            }
        }
    }

    private int ReadHeader(byte* bytes, int available)
    {
        if (_carried == 0 && available >= FrameHeader.Size)
        {
            Begin(FrameHeader.Read(bytes));
            return FrameHeader.Size;
        }

        int taken = Math.Min(available, FrameHeader.Size - _carried);
        new ReadOnlySpan<byte>(bytes, taken).CopyTo(_carry.AsSpan(_carried));
        _carried += taken;
        if (_carried == FrameHeader.Size)
        {
            _carried = 0;
            fixed (byte* carry = _carry)
            {
                Begin(FrameHeader.Read(carry));
            }
        }

        return taken;
    }

    private void Begin(FrameHeader header)
    {
        if (!Admits(header))
        {
            return;
        }

        if (header.Type == FrameType.Data)
        {
            _data.Begin(header);
            _phase = _data.IsComplete ? Phase.Header : Phase.Data;
            return;
        }

        _header = header;
        _needed = BytesOfUse(header);
        _skip = header.Length - _needed;
        if (_core.IsOver)
        {
            return;
        }

        if (_needed == 0)
        {
            Dispatch(default);
        }
        else
        {
            _phase = Phase.Payload;
        }
    }

    /// <summary>Rules that hold for whatever frame comes next.</summary>
    private bool Admits(FrameHeader header)
    {
        if (header.Length > _core.Options.MaxFrameSize)
        {
            _core.Fail(Http2Error.FrameSizeError, "RFC 9113 4.2", $"a frame of {header.Length} bytes");
            return false;
        }

        int expected = _headers.ExpectedContinuation;
        if (expected != 0 && (header.Type != FrameType.Continuation || header.StreamId != expected))
        {
            _core.Fail(Http2Error.ProtocolError, "RFC 9113 6.10", "another frame within a header block");
            return false;
        }

        if (!_settings.HasPeerSettings && (header.Type != FrameType.Settings || header.Has(FrameFlags.Acknowledge)))
        {
            _core.Fail(Http2Error.ProtocolError, "RFC 9113 3.4", "a first frame that is not SETTINGS");
            return false;
        }

        return true;
    }

    /// <summary>How much of the payload has to be collected; checks what can be told without it.</summary>
    private int BytesOfUse(FrameHeader header)
    {
        switch (header.Type)
        {
            case FrameType.Headers or FrameType.Continuation:
                if (header.Length > _headers.MaxPayload)
                {
                    _core.Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5.1", "a header block larger than the header list may be");
                }

                return header.Length;
            case FrameType.Settings:
                return _settings.CheckHeader(header) ? header.Length : 0;
            case FrameType.WindowUpdate or FrameType.ResetStream or FrameType.Ping:
                return _control.CheckHeader(header) ? header.Length : 0;
            case FrameType.GoAway:
                return _control.CheckHeader(header) ? ControlFrames.GoAwayBytes : 0;
            case FrameType.PushPromise:
                _core.Fail(Http2Error.ProtocolError, "RFC 9113 6.6", "PUSH_PROMISE, which nobody may send here");
                return 0;
            default:
                return 0;
        }
    }

    private int ReadPayload(byte* bytes, int available)
    {
        if (_payload.Length == 0 && available >= _needed)
        {
            Dispatch(new ReadOnlySpan<byte>(bytes, _needed));
            return _needed;
        }

        int taken = Math.Min(available, _needed - _payload.Length);
        _payload.Append(new ReadOnlySpan<byte>(bytes, taken));
        if (_payload.Length == _needed)
        {
            Dispatch(_payload.Span);
            _payload.Clear();
        }

        return taken;
    }

    private void Dispatch(ReadOnlySpan<byte> payload)
    {
        // Set first: an event may well look at the connection, and nothing below depends on the phase.
        _phase = _skip > 0 ? Phase.Skip : Phase.Header;
        switch (_header.Type)
        {
            case FrameType.Headers:
                _headers.OnHeaders(_header, payload);
                break;
            case FrameType.Continuation:
                _headers.OnContinuation(_header, payload);
                break;
            case FrameType.Settings:
                _settings.OnSettings(_header, payload);
                break;
            case FrameType.WindowUpdate or FrameType.ResetStream or FrameType.Ping or FrameType.GoAway:
                _control.OnFrame(_header, payload);
                break;
            case FrameType.Priority:
                _control.OnPriority(_header);
                break;
            default:
                _core.SpendOverhead(1, "a frame of unknown type");
                break;
        }
    }

    private int Skip(int available)
    {
        int taken = Math.Min(available, _skip);
        _skip -= taken;
        _phase = _skip > 0 ? Phase.Skip : Phase.Header;
        return taken;
    }

    private int ReadPreface(byte* bytes, int available)
    {
        ReadOnlySpan<byte> rest = FrameWriter.Preface[_needed..];
        int taken = Math.Min(available, rest.Length);
        if (!new ReadOnlySpan<byte>(bytes, taken).SequenceEqual(rest[..taken]))
        {
            _core.Fail(Http2Error.ProtocolError, "RFC 9113 3.4", "no HTTP/2 connection preface");
            return taken;
        }

        _needed += taken;
        _phase = taken == rest.Length ? Phase.Header : Phase.Preface;
        return taken;
    }
}
