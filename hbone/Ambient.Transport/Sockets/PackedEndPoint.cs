using System.Buffers.Binary;
using System.Net;

namespace Ambient.Transport.Sockets;

/// <summary>An address and port in 24 bytes without a reference, since every open socket keeps two. Canonical: never a v4-mapped IPv6 address.</summary>
internal readonly record struct PackedEndPoint
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly bool _isIPv6;

    private PackedEndPoint(ReadOnlySpan<byte> address, uint scope, ushort port)
    {
        _isIPv6 = address.Length == 16;
        _high = _isIPv6 ? BinaryPrimitives.ReadUInt64BigEndian(address) : 0;
        _low = _isIPv6 ? BinaryPrimitives.ReadUInt64BigEndian(address[8..]) : BinaryPrimitives.ReadUInt32BigEndian(address);
        _scope = scope;
        _port = port;
        IsSet = true;
    }

    internal bool IsSet { get; }

    /// <param name="address">4 or 16 bytes in network order.</param>
    /// <param name="scope">IPv6 scope id; 0 for IPv4.</param>
    /// <param name="port">Host order.</param>
    internal static PackedEndPoint FromAddress(ReadOnlySpan<byte> address, uint scope, ushort port)
    {
        ReadOnlySpan<byte> mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        return address.Length == 16 && address.StartsWith(mappedPrefix)
            ? new PackedEndPoint(address[12..], 0, port)
            : new PackedEndPoint(address, scope, port);
    }

    /// <summary>0.0.0.0:0 when unset.</summary>
    internal IPEndPoint ToEndPoint()
    {
        if (!_isIPv6)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(four, (uint)_low);
            return new IPEndPoint(new IPAddress(four), _port);
        }

        Span<byte> sixteen = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(sixteen, _high);
        BinaryPrimitives.WriteUInt64BigEndian(sixteen[8..], _low);
        return new IPEndPoint(new IPAddress(sixteen, _scope), _port);
    }
}
