using System.Buffers;
using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// Payload of one stream that its reader has not taken: first what was kept from earlier batches, then the segments of this batch, which
/// point into the loop's input buffer and die with it. The peer's window bounds the sum.
/// </summary>
internal unsafe struct ReceiveQueue
{
    private const int FirstSegments = 16;

    private IoVector[]? _segments;
    private int _firstSegment;
    private int _segmentEnd;
    private KeptBytes? _kept;

    /// <summary>Bytes waiting.</summary>
    public int Length { get; private set; }

    public void Append(byte* payload, int length)
    {
        if (length == 0)
        {
            return;
        }

        _segments ??= ArrayPool<IoVector>.Shared.Rent(FirstSegments);
        if (_segmentEnd == _segments.Length)
        {
            Widen();
        }

        _segments[_segmentEnd++] = new IoVector(payload, length);
        Length += length;
    }

    /// <summary>Fills <paramref name="vectors"/> with what waits, oldest first; returns how many were filled.</summary>
    public readonly int Peek(Span<IoVector> vectors)
    {
        int count = _kept is null ? 0 : _kept.Peek(vectors);
        for (int i = _firstSegment; i < _segmentEnd && count < vectors.Length; i++)
        {
            vectors[count++] = _segments![i];
        }

        return count;
    }

    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Length"/>.</exception>
    public void Consume(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)Length, nameof(bytes));
        Length -= bytes;
        if (_kept is { Length: > 0 } kept)
        {
            int fromKept = Math.Min(bytes, kept.Length);
            kept.Consume(fromKept);
            bytes -= fromKept;
        }

        while (bytes > 0)
        {
            ref IoVector segment = ref _segments![_firstSegment];
            if (bytes < segment.Length)
            {
                segment = new IoVector(segment.Start + bytes, segment.Length - bytes);
                return;
            }

            bytes -= (int)segment.Length;
            _firstSegment++;
        }
    }

    /// <summary>The batch ends: copies the segments that nobody took, so that the input buffer can be reused.</summary>
    public void KeepSegments(LoopBufferPool pool)
    {
        if (_firstSegment < _segmentEnd)
        {
            _kept ??= new KeptBytes();
            int left = Length - _kept.Length;
            for (int i = _firstSegment; i < _segmentEnd; i++)
            {
                _kept.Append(_segments![i], left, pool);
                left -= (int)_segments[i].Length;
            }
        }

        ReturnSegments();
    }

    public void Clear()
    {
        ReturnSegments();
        _kept?.Consume(_kept.Length);
        _kept = null;
        Length = 0;
    }

    private void Widen()
    {
        IoVector[] wider = ArrayPool<IoVector>.Shared.Rent(_segments!.Length * 2);
        _segments.AsSpan(0, _segmentEnd).CopyTo(wider);
        ArrayPool<IoVector>.Shared.Return(_segments);
        _segments = wider;
    }

    private void ReturnSegments()
    {
        if (_segments is { } segments)
        {
            ArrayPool<IoVector>.Shared.Return(segments);
        }

        _segments = null;
        _firstSegment = _segmentEnd = 0;
    }
}
