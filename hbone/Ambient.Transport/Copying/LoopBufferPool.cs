using System.Runtime.InteropServices;

namespace Ambient.Transport.Copying;

/// <summary>
/// Native buffers of one loop, for bytes that must outlive a turn. Three sizes; a few of each are kept, the rest is freed, so
/// that a burst of slow readers does not stay in memory. Not thread-safe.
/// </summary>
public sealed unsafe class LoopBufferPool : IDisposable
{
    public const int SmallBytes = 16 * 1024;
    public const int MediumBytes = 64 * 1024;
    public const int LargeBytes = 256 * 1024;

    /// <summary>Kept free per size; at most 2.6 MB a loop in all.</summary>
    private const int KeptPerSize = 8;

    private readonly Stack<LoopBuffer> _small = new();
    private readonly Stack<LoopBuffer> _medium = new();
    private readonly Stack<LoopBuffer> _large = new();
    private readonly HashSet<LoopBuffer> _rented = [];
    private bool _isDisposed;

    /// <summary>Buffers not given back; 0 once every connection of the loop is idle.</summary>
    public int Outstanding => _rented.Count;

    /// <summary>Capacity of the buffers that are rented now.</summary>
    public long OutstandingBytes => _rented.Sum(static buffer => (long)buffer.Capacity);

    /// <summary>Who holds buffers, one entry a buffer.</summary>
    public IEnumerable<string> OutstandingOwners => _rented.Select(static buffer => buffer.Owner);

    /// <param name="minimumBytes">1 to <see cref="LargeBytes"/>.</param>
    /// <param name="owner">A constant that names the code responsible for giving it back.</param>
    public LoopBuffer Rent(int minimumBytes, string owner)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimumBytes, LargeBytes);
        int capacity = minimumBytes <= SmallBytes ? SmallBytes : minimumBytes <= MediumBytes ? MediumBytes : LargeBytes;
        if (!FreeOf(capacity).TryPop(out LoopBuffer? buffer))
        {
            buffer = new LoopBuffer(this, (byte*)NativeMemory.AlignedAlloc((nuint)capacity, 64), capacity);
        }

        buffer.Owner = owner;
        buffer.IsRented = true;
        _rented.Add(buffer);
        return buffer;
    }

    /// <summary>Frees what is kept. Buffers still rented free themselves when given back.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (Stack<LoopBuffer> free in (ReadOnlySpan<Stack<LoopBuffer>>)[_small, _medium, _large])
        {
            while (free.TryPop(out LoopBuffer? buffer))
            {
                NativeMemory.AlignedFree(buffer.Start);
            }
        }
    }

    internal void Return(LoopBuffer buffer)
    {
        if (!buffer.IsRented)
        {
            return;
        }

        buffer.IsRented = false;
        _rented.Remove(buffer);
        Stack<LoopBuffer> free = FreeOf(buffer.Capacity);
        if (_isDisposed || free.Count >= KeptPerSize)
        {
            NativeMemory.AlignedFree(buffer.Start);
        }
        else
        {
            free.Push(buffer);
        }
    }

    private Stack<LoopBuffer> FreeOf(int capacity) => capacity switch
    {
        SmallBytes => _small,
        MediumBytes => _medium,
        _ => _large,
    };
}
