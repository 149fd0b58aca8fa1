namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// Encodes header lists with the static table and Huffman code. It keeps no dynamic table: what a tunnel's headers would gain is less than
/// the memory and the state shared with the peer cost.
/// </summary>
internal sealed class HpackEncoder
{
    private const int IndexedField = 0x80;
    private const int SizeUpdate = 0x20;

    // Length prefixes and name index of one literal.
    private const int MaxFieldOverhead = 16;

    private int _peerTableSize = 4_096;
    private bool _mustAnnounceSize;

    /// <summary>A lowered limit has to be confirmed in the next block (RFC 7541 4.2); with no table in use, 0 confirms any.</summary>
    public void ApplyPeerTableSize(uint bytes)
    {
        if (bytes < _peerTableSize)
        {
            _peerTableSize = 0;
            _mustAnnounceSize = true;
        }
    }

    /// <summary>An upper bound of what <see cref="Encode"/> writes.</summary>
    public static int MaxLength(Http2Headers? headers)
    {
        int length = 2 * MaxFieldOverhead;
        if (headers is not null)
        {
            foreach (Http2HeaderField field in headers)
            {
                length += field.Name.Length + field.Value.Length + MaxFieldOverhead;
            }
        }

        return length;
    }

    /// <summary>Writes a :status unless it is 0, then the fields; returns the length.</summary>
    public int Encode(int status, Http2Headers? headers, Span<byte> destination)
    {
        int written = 0;
        if (_mustAnnounceSize)
        {
            _mustAnnounceSize = false;
            destination[written++] = SizeUpdate;
        }

        if (status != 0)
        {
            Span<byte> digits = [(byte)('0' + (status / 100)), (byte)('0' + (status / 10 % 10)), (byte)('0' + (status % 10))];
            written += EncodeField(":status"u8, digits, destination[written..]);
        }

        if (headers is not null)
        {
            foreach (Http2HeaderField field in headers)
            {
                written += EncodeField(field.Name, field.Value, destination[written..]);
            }
        }

        return written;
    }

    private static int EncodeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        int index = HpackStaticTable.Find(name, value, out bool isFullMatch);
        if (isFullMatch)
        {
            return WriteInteger(destination, IndexedField, 7, index);
        }

        int written = WriteInteger(destination, 0, 4, index);
        if (index == 0)
        {
            written += WriteString(destination[written..], name);
        }

        return written + WriteString(destination[written..], value);
    }

    private static int WriteString(Span<byte> destination, ReadOnlySpan<byte> text)
    {
        int coded = HuffmanCode.EncodedLength(text);
        int written;
        if (coded < text.Length)
        {
            written = WriteInteger(destination, 0x80, 7, coded);
            HuffmanCode.Encode(text, destination[written..]);
            return written + coded;
        }

        written = WriteInteger(destination, 0, 7, text.Length);
        text.CopyTo(destination[written..]);
        return written + text.Length;
    }

    internal static int WriteInteger(Span<byte> destination, int pattern, int prefixBits, int value)
    {
        int mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | mask);
        value -= mask;
        int written = 1;
        while (value >= 0x80)
        {
            destination[written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[written++] = (byte)value;
        return written;
    }
}
