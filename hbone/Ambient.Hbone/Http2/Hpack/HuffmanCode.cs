using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// The code of RFC 7541 appendix B. It is canonical, so the 257 lengths define it. Decoding looks 10 bits up at once, which
/// covers every character of an ordinary header; longer codes are found by comparing with the first code of each length.
/// </summary>
internal static class HuffmanCode
{
    private const int EndOfString = 256;
    private const int LongestCode = 30;
    private const int FastBits = 10;

    private static readonly uint[] Codes = new uint[EndOfString + 1];
    private static readonly ushort[] Sorted = new ushort[EndOfString + 1];
    private static readonly ushort[] Fast = new ushort[1 << FastBits];

    // Per length: the code after its last, aligned left to 30 bits, and the place in Sorted minus the first code.
    private static readonly uint[] Limits = new uint[LongestCode + 1];
    private static readonly int[] Offsets = new int[LongestCode + 1];

    static HuffmanCode()
    {
        uint code = 0;
        int place = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            code <<= 1;
            Offsets[length] = place - (int)code;
            for (int symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    Codes[symbol] = code;
                    Sorted[place++] = (ushort)symbol;
                    FillFast(symbol, code, length);
                    code++;
                }
            }

            Limits[length] = code << (LongestCode - length);
        }
    }

    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>The most bytes that many coded bytes can stand for: the shortest code has 5 bits.</summary>
    public static int MaxDecodedLength(int encodedLength) => encodedLength * 8 / 5;

    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        int bits = 0;
        foreach (byte symbol in text)
        {
            bits += Lengths[symbol];
        }

        return (bits + 7) / 8;
    }

    /// <summary>Writes exactly <see cref="EncodedLength"/> bytes.</summary>
    public static void Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        ulong bits = 0;
        int count = 0;
        foreach (byte symbol in text)
        {
            int length = Lengths[symbol];
            bits = (bits << length) | Codes[symbol];
            count += length;
            if (count >= 32)
            {
                count -= 32;
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(bits >> count));
                destination = destination[4..];
            }
        }

        int written = 0;
        for (; count >= 8; count -= 8)
        {
            destination[written++] = (byte)(bits >> (count - 8));
        }

        if (count > 0)
        {
            // The last byte is filled with the first bits of the end-of-string code, which are ones.
            destination[written] = (byte)((bits << (8 - count)) | (0xffu >> count));
        }
    }

    /// <summary>
    /// The number of bytes written, or -1 when the text holds the end-of-string symbol or its padding is not fewer than 8 one bits
    /// (RFC 7541 5.2). <paramref name="destination"/> has room for <see cref="MaxDecodedLength"/>.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ulong bits = 0;
        int count = 0;
        int written = 0;
        while (true)
        {
            Refill(ref source, ref bits, ref count);
            int entry = Fast[(int)(bits >> (64 - FastBits))];
            while (entry != 0 && count >= FastBits)
            {
                destination[written++] = (byte)entry;
                bits <<= entry >> 9;
                count -= entry >> 9;
                entry = Fast[(int)(bits >> (64 - FastBits))];
            }

            if (entry == 0)
            {
                if (count < LongestCode && source.Length > 0)
                {
                    continue;
                }

                entry = FindLong((uint)(bits >> (64 - LongestCode)));
            }
            else if (source.Length > 0)
            {
                continue;
            }

            int length = entry >> 9;
            if (length > count)
            {
                return count < 8 && bits == ~(ulong.MaxValue >> count) ? written : -1;
            }

            int symbol = entry & 0x1ff;
            if (symbol == EndOfString)
            {
                return -1;
            }

            destination[written++] = (byte)symbol;
            bits <<= length;
            count -= length;
        }
    }

    /// <summary>Fills the window from the left to at least 57 bits, or with all there is. Bits behind the counted ones are zero or the right ones.</summary>
    private static void Refill(ref ReadOnlySpan<byte> source, ref ulong bits, ref int count)
    {
        if (source.Length >= sizeof(ulong))
        {
            bits |= BinaryPrimitives.ReadUInt64BigEndian(source) >> count;
            int bytes = (63 - count) >> 3;
            source = source[bytes..];
            count += bytes * 8;
            return;
        }

        while (count <= 56 && source.Length > 0)
        {
            bits |= (ulong)source[0] << (56 - count);
            source = source[1..];
            count += 8;
        }
    }

    private static int FindLong(uint bits)
    {
        int length = FastBits + 1;
        while (length < LongestCode && bits >= Limits[length])
        {
            length++;
        }

        return (length << 9) | Sorted[Offsets[length] + (int)(bits >> (LongestCode - length))];
    }

    private static void FillFast(int symbol, uint code, int length)
    {
        if (length <= FastBits)
        {
            int spare = FastBits - length;
            Fast.AsSpan((int)code << spare, 1 << spare).Fill((ushort)((length << 9) | symbol));
        }
    }
}
