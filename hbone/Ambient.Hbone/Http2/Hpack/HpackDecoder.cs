using System.Buffers;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// Decodes header blocks (RFC 7541). Work per block is bounded by its length: a field beyond the list's limit costs a lookup, and is
/// copied only where it enters the dynamic table, which is bounded apart.
/// </summary>
internal sealed class HpackDecoder
{
    /// <summary>
    /// Bytes that one block may put into the dynamic table. Two bytes of a block can name an entry as large as the table and have it copied
    /// into the table again; an honest block, which is no longer than the header list may be, inserts no more than it carries.
    /// </summary>
    public const int MaxInsertedBytes = 1 << 20;

    private const int DefaultTableSize = 4_096;

    private readonly HpackDynamicTable _table;
    private byte[] _scratch = [];
    private int _scratchUsed;
    private int _inserted;
    private int _tableSizeLimit;
    private bool _mustShrink;

    public HpackDecoder(int tableSize)
    {
        // Until the peer has seen our settings it may use the default size.
        _tableSizeLimit = Math.Max(tableSize, DefaultTableSize);
        _table = new HpackDynamicTable(DefaultTableSize);
    }

    internal HpackDynamicTable Table => _table;

    /// <summary>The peer has acknowledged our SETTINGS_HEADER_TABLE_SIZE: a larger table has to be given up in its next block (RFC 9113 4.3.1).</summary>
    public void ApplyAcknowledgedTableSize(int bytes)
    {
        _tableSizeLimit = bytes;
        _mustShrink = _table.MaxSize > bytes;
    }

    /// <summary>Null when the block is sound, else what is wrong: a COMPRESSION_ERROR of the connection.</summary>
    public string? Decode(ReadOnlySpan<byte> block, HeaderList list)
    {
        HpackReader reader = new(block);
        _inserted = 0;
        string? error = ReadSizeUpdates(ref reader);
        while (error is null && !reader.IsAtEnd)
        {
            _scratchUsed = 0;
            error = reader.Next >= 0x80 ? ReadIndexed(ref reader, list) : ReadLiteral(ref reader, list);
        }

        if (_scratch.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = [];
        }

        return error;
    }

    private string? ReadSizeUpdates(scoped ref HpackReader reader)
    {
        // At most two make sense: the smallest size since the last block and the final one (RFC 7541 4.2).
        for (int updates = 0; !reader.IsAtEnd && (reader.Next & 0xe0) == 0x20; updates++)
        {
            if (!reader.TryReadInteger(5, out int size) || size > _tableSizeLimit)
            {
                return "a dynamic table size above the limit";
            }

            if (updates == 2)
            {
                return "more than two dynamic table size updates in a block";
            }

            _table.SetMaxSize(size);
            _mustShrink = false;
        }

        return _mustShrink ? "no dynamic table size update after the limit was lowered" : null;
    }

    private string? ReadIndexed(scoped ref HpackReader reader, HeaderList list)
    {
        if (!reader.TryReadInteger(7, out int index) || !TryGetField(index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            return "an index outside the header tables";
        }

        list.Add(name, value);
        return null;
    }

    private string? ReadLiteral(scoped ref HpackReader reader, HeaderList list)
    {
        byte first = reader.Next;
        if ((first & 0xe0) == 0x20)
        {
            return "a dynamic table size update after a field";
        }

        bool entersTable = (first & 0x40) != 0;
        if (!reader.TryReadInteger(entersTable ? 6 : 4, out int index))
        {
            return "a malformed name index";
        }

        ReadOnlySpan<byte> name;
        if (index == 0)
        {
            if (!TryReadText(ref reader, out name))
            {
                return "a malformed header name";
            }
        }
        else if (!TryGetField(index, out name, out _))
        {
            return "a name index outside the header tables";
        }

        if (!TryReadText(ref reader, out ReadOnlySpan<byte> value))
        {
            return "a malformed header value";
        }

        list.Add(name, value);
        if (!entersTable)
        {
            return null;
        }

        _inserted += name.Length + value.Length;
        if (_inserted > MaxInsertedBytes)
        {
            return "far more insertions into the dynamic table than a header list can need";
        }

        _table.Insert(name, value);
        return null;
    }

    private bool TryGetField(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (index is > 0 and <= HpackStaticTable.Count)
        {
            name = HpackStaticTable.Name(index);
            value = HpackStaticTable.Value(index);
            return true;
        }

        int place = index - HpackStaticTable.Count - 1;
        if (place < 0 || place >= _table.Count)
        {
            name = default;
            value = default;
            return false;
        }

        _table.Get(place, out name, out value);
        return true;
    }

    private bool TryReadText(scoped ref HpackReader reader, out ReadOnlySpan<byte> text)
    {
        if (!reader.TryReadString(out text, out bool isHuffman))
        {
            return false;
        }

        if (!isHuffman)
        {
            return true;
        }

        if (_scratch.Length == 0)
        {
            // Name and value of a field share the block's length, so this holds both, and neither moves while the other is read.
            _scratch = ArrayPool<byte>.Shared.Rent(HuffmanCode.MaxDecodedLength(reader.BlockLength) + 1);
        }

        int length = HuffmanCode.Decode(text, _scratch.AsSpan(_scratchUsed));
        if (length < 0)
        {
            return false;
        }

        text = _scratch.AsSpan(_scratchUsed, length);
        _scratchUsed += length;
        return true;
    }
}
