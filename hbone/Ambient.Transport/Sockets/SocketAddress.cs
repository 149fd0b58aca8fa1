using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ambient.Transport.Interop;

namespace Ambient.Transport.Sockets;

/// <summary>struct sockaddr_in (16 bytes) and sockaddr_in6 (28 bytes), both ways. The family field is in host order, port and address in network order.</summary>
internal static class SocketAddress
{
    internal const int IPv4Bytes = 16;
    internal const int IPv6Bytes = 28;
    internal const int MaxBytes = IPv6Bytes;

    /// <summary>v4-mapped IPv6 becomes IPv4; anything else is kept, scope id included.</summary>
    internal static IPEndPoint Canonical(IPEndPoint endPoint) => endPoint.Address.IsIPv4MappedToIPv6
        ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port)
        : endPoint;

    internal static int FamilyOf(IPEndPoint endPoint) =>
        endPoint.AddressFamily == AddressFamily.InterNetwork ? LinuxConstants.FamilyIPv4 : LinuxConstants.FamilyIPv6;

    /// <param name="endPoint">IPv4 or IPv6, written in its own family.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    internal static int Write(IPEndPoint endPoint, Span<byte> destination)
    {
        bool isIPv4 = endPoint.AddressFamily == AddressFamily.InterNetwork;
        int length = isIPv4 ? IPv4Bytes : IPv6Bytes;
        Span<byte> bytes = destination[..length];
        bytes.Clear();
        MemoryMarshal.Write(bytes, (ushort)(isIPv4 ? LinuxConstants.FamilyIPv4 : LinuxConstants.FamilyIPv6));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)endPoint.Port);
        bool isWritten = endPoint.Address.TryWriteBytes(bytes[(isIPv4 ? 4 : 8)..], out _);
        if (!isWritten)
        {
            throw new ArgumentException("Only IPv4 and IPv6 addresses can be written.", nameof(endPoint));
        }

        if (!isIPv4)
        {
            MemoryMarshal.Write(bytes[24..], (uint)endPoint.Address.ScopeId);
        }

        return length;
    }

    internal static PackedEndPoint Pack(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        int length = Write(endPoint, bytes);
        return Read(bytes[..length]);
    }

    /// <returns>Unset for a family other than IPv4 and IPv6 and for a structure cut short.</returns>
    internal static PackedEndPoint Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return default;
        }

        ushort family = MemoryMarshal.Read<ushort>(bytes);
        if (family == LinuxConstants.FamilyIPv4 && bytes.Length >= IPv4Bytes)
        {
            return PackedEndPoint.FromAddress(bytes.Slice(4, 4), 0, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        }

        if (family == LinuxConstants.FamilyIPv6 && bytes.Length >= IPv6Bytes)
        {
            uint scope = MemoryMarshal.Read<uint>(bytes[24..]);
            return PackedEndPoint.FromAddress(bytes.Slice(8, 16), scope, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        }

        return default;
    }
}
