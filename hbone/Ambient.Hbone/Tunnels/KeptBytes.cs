using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// Payload that outlived its batch, in blocks that are given back as they are read. All blocks but the last are full, so it holds at most one
/// block more than the bytes that wait.
/// </summary>
internal sealed unsafe class KeptBytes
{
    private const string BufferOwner = nameof(KeptBytes);

    private readonly Queue<LoopBuffer> _blocks = new();
    private LoopBuffer? _last;
    private int _firstStart;
    private int _lastEnd;

    public int Length { get; private set; }

    /// <param name="segment">What is to be kept.</param>
    /// <param name="expected">Bytes that are to be kept in this go, the segment's included: the size of a new block.</param>
    /// <param name="pool">Of the stream's loop.</param>
    public void Append(IoVector segment, int expected, LoopBufferPool pool)
    {
        byte* source = segment.Start;
        int left = (int)segment.Length;
        while (left > 0)
        {
            if (_last is null || _lastEnd == _last.Capacity)
            {
                _last = pool.Rent(Math.Clamp(expected, 1, LoopBufferPool.LargeBytes), BufferOwner);
                _blocks.Enqueue(_last);
                _lastEnd = 0;
            }

            int length = Math.Min(left, _last.Capacity - _lastEnd);
            Buffer.MemoryCopy(source, _last.Start + _lastEnd, length, length);
            _lastEnd += length;
            Length += length;
            source += length;
            left -= length;
            expected -= length;
        }
    }

    /// <summary>As many blocks, oldest first, as there are vectors; returns how many were filled.</summary>
    public int Peek(Span<IoVector> vectors)
    {
        int count = 0;
        foreach (LoopBuffer block in _blocks)
        {
            if (count == vectors.Length)
            {
                break;
            }

            int start = count == 0 ? _firstStart : 0;
            vectors[count++] = new IoVector(block.Start + start, EndOf(block) - start);
        }

        return count;
    }

    /// <param name="bytes">At most <see cref="Length"/>.</param>
    public void Consume(int bytes)
    {
        Length -= bytes;
        while (_blocks.TryPeek(out LoopBuffer? first))
        {
            int left = EndOf(first) - _firstStart;
            if (bytes < left)
            {
                _firstStart += bytes;
                return;
            }

            bytes -= left;
            _firstStart = 0;
            _blocks.Dequeue().Dispose();
            if (first == _last)
            {
                _last = null;
            }
        }
    }

    private int EndOf(LoopBuffer block) => block == _last ? _lastEnd : block.Capacity;
}
