using System.Buffers;
using System.Runtime.InteropServices;
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
    private byte* _kept;
    private int _keptStart;
    private int _keptEnd;
    private int _keptCapacity;

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
        int count = 0;
        if (_keptEnd > _keptStart)
        {
            vectors[count++] = new IoVector(_kept + _keptStart, _keptEnd - _keptStart);
        }

        for (int i = _firstSegment; i < _segmentEnd && count < vectors.Length; i++)
        {
            vectors[count++] = _segments![i];
        }

        return count;
    }

    public void Consume(int bytes)
    {
        Length -= bytes;
        int fromKept = Math.Min(bytes, _keptEnd - _keptStart);
        _keptStart += fromKept;
        bytes -= fromKept;
        if (_keptStart == _keptEnd && _kept is not null)
        {
            FreeKept();
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
    public void KeepSegments()
    {
        for (int i = _firstSegment; i < _segmentEnd; i++)
        {
            Keep(_segments![i]);
        }

        ReturnSegments();
    }

    public void Clear()
    {
        ReturnSegments();
        FreeKept();
        Length = 0;
    }

    private void Keep(IoVector segment)
    {
        int length = (int)segment.Length;
        if (_keptCapacity - _keptEnd < length)
        {
            MakeRoom(length);
        }

        System.Buffer.MemoryCopy(segment.Start, _kept + _keptEnd, _keptCapacity - _keptEnd, length);
        _keptEnd += length;
    }

    /// <summary>Moves to a block of twice what is needed, so that a slow reader of a fast stream is not copied at every batch.</summary>
    private void MakeRoom(int length)
    {
        int waiting = _keptEnd - _keptStart;
        int capacity = Math.Max(16 * 1024, 2 * (waiting + length));
        byte* block = (byte*)NativeMemory.Alloc((nuint)capacity);
        System.Buffer.MemoryCopy(_kept + _keptStart, block, capacity, waiting);
        FreeKept();
        _kept = block;
        _keptEnd = waiting;
        _keptCapacity = capacity;
    }

    private void FreeKept()
    {
        NativeMemory.Free(_kept);
        _kept = null;
        _keptStart = _keptEnd = _keptCapacity = 0;
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
