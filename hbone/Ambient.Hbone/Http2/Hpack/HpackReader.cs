namespace Ambient.Hbone.Http2.Hpack;

/// <summary>Reads the two primitive types of RFC 7541 section 5 from a header block.</summary>
internal ref struct HpackReader(ReadOnlySpan<byte> block)
{
    // Enough for any length within a header block or table; longer encodings are an attempt to overflow.
    private const int MaxInteger = 1 << 24;

    private readonly ReadOnlySpan<byte> _block = block;
    private int _position;

    public readonly bool IsAtEnd => _position == _block.Length;

    public readonly byte Next => _block[_position];

    public readonly int BlockLength => _block.Length;

    /// <summary>An integer that begins in the low bits of the next byte (RFC 7541 5.1); false when it is cut short or too large.</summary>
    public bool TryReadInteger(int prefixBits, out int value)
    {
        value = 0;
        if (IsAtEnd)
        {
            return false;
        }

        int mask = (1 << prefixBits) - 1;
        value = _block[_position++] & mask;
        if (value < mask)
        {
            return true;
        }

        for (int shift = 0; shift <= 21 && !IsAtEnd; shift += 7)
        {
            byte next = _block[_position++];
            value += (next & 0x7f) << shift;
            if (value > MaxInteger)
            {
                return false;
            }

            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The bytes of a string literal as they stand in the block (RFC 7541 5.2).</summary>
    public bool TryReadString(out ReadOnlySpan<byte> bytes, out bool isHuffman)
    {
        isHuffman = !IsAtEnd && (Next & 0x80) != 0;
        if (!TryReadInteger(7, out int length) || length > _block.Length - _position)
        {
            bytes = default;
            return false;
        }

        bytes = _block.Slice(_position, length);
        _position += length;
        return true;
    }
}
