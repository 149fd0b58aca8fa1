using System.Buffers.Binary;

namespace Ambient.Certs.Revocation;

/// <summary>
/// A certificate's serial number by value, so that millions of revoked ones lie in one table without an object each. Up to 24 bytes;
/// RFC 5280 4.1.2.2 allows 20.
/// </summary>
internal readonly record struct SerialNumber
{
    public const int MaxBytes = 24;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly byte _length;

    private SerialNumber(ReadOnlySpan<byte> padded, int length)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _second = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(padded[16..]);
        _length = (byte)length;
    }

    /// <param name="content">The content of the DER INTEGER, which has one form for each number.</param>
    /// <param name="serial">The number.</param>
    /// <returns>False when the number is longer than any authority may make it.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> content, out SerialNumber serial)
    {
        serial = default;
        if (content.Length is 0 or > MaxBytes)
        {
            return false;
        }

        Span<byte> padded = stackalloc byte[MaxBytes];
        padded.Clear();
        content.CopyTo(padded);
        serial = new SerialNumber(padded, content.Length);
        return true;
    }

    /// <summary>Hexadecimal, as openssl prints it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _third);
        ReadOnlySpan<byte> content = bytes[.._length];
        return Convert.ToHexString(content.Length > 1 && content[0] == 0 ? content[1..] : content);
    }
}
