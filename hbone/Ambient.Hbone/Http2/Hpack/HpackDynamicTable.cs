namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// The dynamic table of a decoder (RFC 7541 2.3.2). Each entry's name and value lie together in one array, so that a lookup gives spans
/// and an insertion allocates nothing once the arrays have grown to their bound of twice the table size.
/// </summary>
internal sealed class HpackDynamicTable(int maxSize)
{
    /// <summary>What every entry costs beside its bytes (RFC 7541 4.1).</summary>
    public const int EntryOverhead = 32;

    private byte[] _storage = [];
    private byte[] _spare = [];
    private Entry[] _entries = [];
    private int _oldest;
    private int _end;

    public int Count { get; private set; }

    public int Size { get; private set; }

    public int MaxSize { get; private set; } = maxSize;

    public void SetMaxSize(int bytes)
    {
        MaxSize = bytes;
        EvictUntilFits(0);
        _spare = [];
        if (Count == 0)
        {
            _storage = [];
            _end = 0;
        }
    }

    /// <summary>The entry at that place, 0 being the newest.</summary>
    public void Get(int place, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        Entry entry = _entries[(_oldest + Count - 1 - place) & (_entries.Length - 1)];
        ReadOnlySpan<byte> bytes = _storage;
        name = bytes.Slice(entry.Offset, entry.NameLength);
        value = bytes.Slice(entry.Offset + entry.NameLength, entry.ValueLength);
    }

    /// <summary>
    /// Adds an entry; one larger than the table empties it. The name may be a span of an entry that is evicted by this very call
    /// (RFC 7541 4.4): bytes are never overwritten in the array they lie in, live ones move to the other array.
    /// </summary>
    public void Insert(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int bytes = name.Length + value.Length;
        EvictUntilFits(bytes + EntryOverhead);
        if (bytes + EntryOverhead > MaxSize)
        {
            return;
        }

        if (_end + bytes > _storage.Length)
        {
            MoveToOtherArray(bytes);
        }

        if (Count == _entries.Length)
        {
            GrowEntries();
        }

        name.CopyTo(_storage.AsSpan(_end));
        value.CopyTo(_storage.AsSpan(_end + name.Length));
        _entries[(_oldest + Count) & (_entries.Length - 1)] = new Entry(_end, name.Length, value.Length);
        Count++;
        _end += bytes;
        Size += bytes + EntryOverhead;
    }

    private void EvictUntilFits(int needed)
    {
        while (Count > 0 && Size + needed > MaxSize)
        {
            Entry entry = _entries[_oldest];
            Size -= entry.NameLength + entry.ValueLength + EntryOverhead;
            _oldest = (_oldest + 1) & (_entries.Length - 1);
            Count--;
        }
    }

    private void MoveToOtherArray(int needed)
    {
        int live = Size - (Count * EntryOverhead);
        int wanted = Math.Min(2 * MaxSize, Math.Max(512, 2 * (live + needed)));
        byte[] target = _spare.Length >= wanted ? _spare : new byte[wanted];
        int end = 0;
        for (int i = 0; i < Count; i++)
        {
            ref Entry entry = ref _entries[(_oldest + i) & (_entries.Length - 1)];
            int bytes = entry.NameLength + entry.ValueLength;
            _storage.AsSpan(entry.Offset, bytes).CopyTo(target.AsSpan(end));
            entry = entry with { Offset = end };
            end += bytes;
        }

        _spare = _storage;
        _storage = target;
        _end = end;
    }

    private void GrowEntries()
    {
        Entry[] larger = new Entry[Math.Max(8, 2 * _entries.Length)];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _entries[(_oldest + i) & (_entries.Length - 1)];
        }

        _entries = larger;
        _oldest = 0;
    }

    private readonly record struct Entry(int Offset, int NameLength, int ValueLength);
}
