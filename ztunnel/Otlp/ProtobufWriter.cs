using System.Buffers.Binary;
using System.Text;

namespace Ambient.Ztunnel.Otlp;

/// <summary>
/// Writes protobuf messages front to back into one buffer that it keeps. The length of a nested message takes four bytes whatever it is, so
/// that nothing is moved when it becomes known; readers take such varints (protobuf encoding, "Base 128 Varints").
/// </summary>
internal sealed class ProtobufWriter
{
    private const int LengthBytes = 4;
    private const int MaxVarintBytes = 10;
    private const int WireVarint = 0;
    private const int WireFixed64 = 1;
    private const int WireLength = 2;

    private byte[] _buffer = new byte[4096];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Begins a nested message of at most 256 MB; <see cref="End"/> takes what this returns.</summary>
    public int Begin(int field)
    {
        Tag(field, WireLength);
        Room(LengthBytes);
        Length += LengthBytes;
        return Length;
    }

    public void End(int start)
    {
        int length = Length - start;
        for (int index = 0; index < LengthBytes; index++)
        {
            int more = index < LengthBytes - 1 ? 0x80 : 0;
            _buffer[start - LengthBytes + index] = (byte)(((length >> (7 * index)) & 0x7F) | more);
        }
    }

    public void Number(int field, long value)
    {
        Tag(field, WireVarint);
        Varint((ulong)value);
    }

    public void Fixed(int field, ulong value)
    {
        Tag(field, WireFixed64);
        PackedFixed(value);
    }

    public void Fixed(int field, double value) => Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>One value of a packed repeated field, inside <see cref="Begin"/> and <see cref="End"/>.</summary>
    public void PackedFixed(ulong value)
    {
        Room(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireLength);
        Varint((ulong)value.Length);
        Room(value.Length);
        value.CopyTo(_buffer.AsSpan(Length));
        Length += value.Length;
    }

    public void Text(int field, ReadOnlySpan<char> value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Tag(field, WireLength);
        Varint((ulong)bytes);
        Room(bytes);
        Length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(Length));
    }

    private void Tag(int field, int wireType) => Varint((ulong)((field << 3) | wireType));

    private void Varint(ulong value)
    {
        Room(MaxVarintBytes);
        while (value >= 0x80)
        {
            _buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[Length++] = (byte)value;
    }

    private void Room(int bytes)
    {
        if (Length + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(Length + bytes, _buffer.Length * 2));
        }
    }
}
