namespace Ambient.Hbone.Http2.Streams;

/// <summary>
/// Remembers how the latest streams ended, in 4 KB made with the first of them. Placed by id, so that ids in sequence
/// never displace one another before 1,024 newer ones have ended.
/// </summary>
internal sealed class ClosedStreams
{
    private const int Capacity = 1_024;

    private uint[]? _entries;

    public void Add(int streamId, StreamEnd end)
    {
        _entries ??= new uint[Capacity];
        _entries[Place(streamId)] = ((uint)(streamId >> 1) << 2) | (uint)end;
    }

    public StreamEnd Find(int streamId)
    {
        uint entry = _entries is null ? 0 : _entries[Place(streamId)];
        return entry >> 2 == (uint)(streamId >> 1) ? (StreamEnd)(entry & 3) : StreamEnd.Unknown;
    }

    private static int Place(int streamId) => (streamId >> 1) & (Capacity - 1);
}
