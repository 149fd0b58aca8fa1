using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Mesh.Addresses;

/// <summary>
/// An IPv4 or IPv6 address as a plain value, so that an index lookup allocates nothing. IPv4 and IPv6 never compare equal;
/// addresses taken from sockets are canonical (v4-mapped IPv6 becomes IPv4, node-proxy 2.2), addresses from configuration stay as given.
/// </summary>
public readonly struct MeshIp : IEquatable<MeshIp>, IComparable<MeshIp>
{
    private const byte IPv4Family = 4;
    private const byte IPv6Family = 6;
    private const int LongestText = 45;

    // Two halves and not one UInt128, whose alignment to 16 bytes would make an address 32 bytes and an index entry of one 80 instead of 48.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly byte _family;

    private MeshIp(UInt128 bits, byte family)
    {
        _high = (ulong)(bits >> 64);
        _low = (ulong)bits;
        _family = family;
    }

    private UInt128 Bits => new(_high, _low);

    public bool IsIPv4 => _family == IPv4Family;

    public bool IsIPv6 => _family == IPv6Family;

    /// <summary>False only for the default value, which is no address.</summary>
    public bool IsValid => _family != 0;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsIPv4 ? (uint)_low >> 24 == 127 : IsIPv6 && Bits == UInt128.One;

    /// <summary>32 or 128.</summary>
    public int BitLength => IsIPv4 ? 32 : 128;

    /// <summary>Takes an address from a socket: v4-mapped IPv6 becomes IPv4, a scope is dropped.</summary>
    public static MeshIp From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        if (length == 4)
        {
            return new MeshIp(BinaryPrimitives.ReadUInt32BigEndian(bytes), IPv4Family);
        }

        UInt128 bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return bits >> 32 == 0xFFFF ? new MeshIp((uint)bits, IPv4Family) : new MeshIp(bits, IPv6Family);
    }

    /// <summary>Network-order bytes; only 4 or 16 of them are an address (node-proxy 3.7.3).</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out MeshIp address)
    {
        address = bytes.Length switch
        {
            4 => new MeshIp(BinaryPrimitives.ReadUInt32BigEndian(bytes), IPv4Family),
            16 => new MeshIp(BinaryPrimitives.ReadUInt128BigEndian(bytes), IPv6Family),
            _ => default,
        };
        return address.IsValid;
    }

    /// <summary>
    /// Strict text form: dotted decimal without leading zeros, or RFC 4291 without brackets or scope. The shorthand forms that
    /// <see cref="IPAddress"/> takes ("127.1", octal, hexadecimal) are refused, because other proxies read them differently.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MeshIp address)
    {
        address = default;
        if (text.Length is 0 or > LongestText)
        {
            return false;
        }

        if (!text.Contains(':'))
        {
            return TryParseIPv4(text, out address);
        }

        return TryParseIPv6(text, out address);
    }

    /// <summary>Keeps the leading <paramref name="length"/> bits.</summary>
    public MeshIp Mask(int length)
    {
        if (length >= BitLength)
        {
            return this;
        }

        UInt128 kept = length == 0 ? UInt128.Zero : (Bits >> (BitLength - length)) << (BitLength - length);
        return new MeshIp(kept, _family);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_low);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return new IPAddress(bytes);
    }

    public IPEndPoint WithPort(int port) => new(ToIPAddress(), port);

    public bool Equals(MeshIp other) => _low == other._low && _high == other._high && _family == other._family;

    public override bool Equals(object? obj) => obj is MeshIp other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, _family);

    public int CompareTo(MeshIp other) =>
        _family != other._family ? _family.CompareTo(other._family) : Bits.CompareTo(other.Bits);

    public override string ToString() => IsValid ? ToIPAddress().ToString() : string.Empty;

    public static bool operator ==(MeshIp left, MeshIp right) => left.Equals(right);

    public static bool operator !=(MeshIp left, MeshIp right) => !left.Equals(right);

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out MeshIp address)
    {
        address = default;
        uint bits = 0;
        int parts = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || !TryParseOctet(part, out uint octet))
            {
                return false;
            }

            bits = (bits << 8) | octet;
        }

        if (parts != 4)
        {
            return false;
        }

        address = new MeshIp(bits, IPv4Family);
        return true;
    }

    private static bool TryParseOctet(ReadOnlySpan<char> digits, out uint octet)
    {
        octet = 0;
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            octet = (octet * 10) + (uint)(digit - '0');
        }

        return octet <= 255;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out MeshIp address)
    {
        address = default;
        foreach (char character in text)
        {
            if (!char.IsAsciiHexDigit(character) && character is not (':' or '.'))
            {
                return false;
            }
        }

        int lastColon = text.LastIndexOf(':');
        if (text.Contains('.') && !TryParseIPv4(text[(lastColon + 1)..], out _))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out IPAddress? parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        return TryFromBytes(parsed.GetAddressBytes(), out address);
    }
}
