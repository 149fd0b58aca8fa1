using System.Buffers;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// Collects the fields of one header block up to a size (RFC 9113 10.5.1: bytes of names and values plus 32 for each). What comes beyond
/// is counted and dropped, since the rest of the block must still be decoded to keep the dynamic table in step.
/// </summary>
internal sealed class HeaderList(int maxSize)
{
    private byte[] _bytes = [];
    private (int Name, int Value)[] _lengths = [];
    private int _used;
    private long _size;

    public int Count { get; private set; }

    public bool IsTooLarge => _size > maxSize;

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int bytes = name.Length + value.Length;
        _size += bytes + HpackDynamicTable.EntryOverhead;
        if (IsTooLarge)
        {
            return;
        }

        if (_used + bytes > _bytes.Length || Count == _lengths.Length)
        {
            Grow(bytes);
        }

        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _used += bytes;
        _lengths[Count++] = (name.Length, value.Length);
    }

    /// <summary>The field at <paramref name="index"/>, which begins at <paramref name="offset"/>; advances the offset to the next.</summary>
    public Http2HeaderField Next(int index, scoped ref int offset)
    {
        (int name, int value) = _lengths[index];
        ReadOnlySpan<byte> bytes = _bytes;
        Http2HeaderField field = new(bytes.Slice(offset, name), bytes.Slice(offset + name, value));
        offset += name + value;
        return field;
    }

    public Http2Headers ToHeaders() => new(_bytes.AsSpan(0, _used), _lengths.AsSpan(0, Count));

    /// <summary>Forgets the fields and gives the memory back.</summary>
    public void Clear()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            ArrayPool<(int, int)>.Shared.Return(_lengths);
            _bytes = [];
            _lengths = [];
        }

        _used = 0;
        _size = 0;
        Count = 0;
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(512, Math.Max(_used + bytes, _bytes.Length * 2)));
        var moreLengths = ArrayPool<(int, int)>.Shared.Rent(Math.Max(16, (Count + 1) * 2));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        _lengths.AsSpan(0, Count).CopyTo(moreLengths);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            ArrayPool<(int, int)>.Shared.Return(_lengths);
        }

        _bytes = larger;
        _lengths = moreLengths;
    }
}
