namespace Ambient.Lab.Benchmarking.Load;

/// <summary>Finds the end of a body in chunks (RFC 9112 7.1) however it is split. What it holds is passed over.</summary>
internal struct ChunkedBody
{
    private const int MaxSizeDigits = 8;

    private State _state;
    private long _remaining;
    private int _digits;
    private bool _isLineEmpty;

    private enum State
    {
        Size,
        Extension,
        Data,
        DataEnd,
        Trailer,
    }

    /// <summary>Takes bytes off the front of <paramref name="bytes"/>, all of them unless the body ends before.</summary>
    public HttpReadStatus Read(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_state == State.Data)
            {
                SkipData(ref bytes);
                continue;
            }

            byte next = bytes[0];
            bytes = bytes[1..];
            HttpReadStatus status = Step(next);
            if (status != HttpReadStatus.NeedMore)
            {
                return status;
            }
        }

        return HttpReadStatus.NeedMore;
    }

    private void SkipData(ref ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min(_remaining, bytes.Length);
        bytes = bytes[taken..];
        _remaining -= taken;
        _state = _remaining == 0 ? State.DataEnd : State.Data;
    }

    private HttpReadStatus Step(byte next) => _state switch
    {
        State.Size when char.IsAsciiHexDigit((char)next) => AddDigit(next),
        State.Size or State.Extension when next == '\n' => EndSizeLine(),
        State.Size when next is (byte)';' or (byte)'\r' or (byte)' ' or (byte)'\t' => Enter(State.Extension),
        State.Extension => HttpReadStatus.NeedMore,
        State.DataEnd when next == '\r' => HttpReadStatus.NeedMore,
        State.DataEnd when next == '\n' => Enter(State.Size),
        State.Trailer => StepTrailer(next),
        _ => HttpReadStatus.Failed,
    };

    private HttpReadStatus AddDigit(byte digit)
    {
        _remaining = (_remaining << 4) | (uint)HexDigit(digit);
        return ++_digits > MaxSizeDigits ? HttpReadStatus.Failed : HttpReadStatus.NeedMore;
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private HttpReadStatus EndSizeLine()
    {
        if (_digits == 0)
        {
            return HttpReadStatus.Failed;
        }

        _digits = 0;
        _isLineEmpty = true;
        return Enter(_remaining == 0 ? State.Trailer : State.Data);
    }

    private HttpReadStatus StepTrailer(byte next)
    {
        if (next == '\n')
        {
            bool isEnd = _isLineEmpty;
            _isLineEmpty = true;
            return isEnd ? HttpReadStatus.Completed : HttpReadStatus.NeedMore;
        }

        _isLineEmpty &= next == '\r';
        return HttpReadStatus.NeedMore;
    }

    private HttpReadStatus Enter(State state)
    {
        _state = state;
        return HttpReadStatus.NeedMore;
    }
}
