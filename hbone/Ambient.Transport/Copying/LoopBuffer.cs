namespace Ambient.Transport.Copying;

/// <summary>Native memory rented from a <see cref="LoopBufferPool"/>; disposing gives it back, a second time does nothing.</summary>
public sealed unsafe class LoopBuffer : IDisposable
{
    private readonly LoopBufferPool _pool;

    internal LoopBuffer(LoopBufferPool pool, byte* start, int capacity)
    {
        _pool = pool;
        Start = start;
        Capacity = capacity;
    }

    public byte* Start { get; }

    public int Capacity { get; }

    /// <summary>Who rented it, for the report of a leak.</summary>
    public string Owner { get; internal set; } = "";

    internal bool IsRented { get; set; }

    public void Dispose() => _pool.Return(this);
}
