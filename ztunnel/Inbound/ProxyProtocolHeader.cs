using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Mesh.Identities;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.Ztunnel.Inbound;

/// <summary>PROXY protocol version 2 towards an application tunnel, with the caller's identity as TLV 0xD0 (node-proxy 1.8).</summary>
internal static class ProxyProtocolHeader
{
    private const byte VersionAndProxy = 0x21;
    private const byte StreamOverIPv4 = 0x11;
    private const byte StreamOverIPv6 = 0x21;
    private const byte IdentityType = 0xD0;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Signature, version, family, lengths, both addresses in one family, both ports, then the identity if there is one.</summary>
    public static byte[] Build(IPEndPoint source, IPEndPoint destination, SpiffeId? identity)
    {
        bool isIPv4 = source.AddressFamily == AddressFamily.InterNetwork && destination.AddressFamily == AddressFamily.InterNetwork;
        byte[] sourceBytes = Bytes(source.Address, isIPv4);
        byte[] destinationBytes = Bytes(destination.Address, isIPv4);
        byte[] name = identity is { } id ? Encoding.UTF8.GetBytes(id.ToString()) : [];
        int length = sourceBytes.Length + destinationBytes.Length + 4 + (name.Length == 0 ? 0 : 3 + name.Length);
        using MemoryStream header = new(16 + length);
        header.Write(Signature);
        header.WriteByte(VersionAndProxy);
        header.WriteByte(isIPv4 ? StreamOverIPv4 : StreamOverIPv6);
        WriteUInt16(header, length);
        header.Write(sourceBytes);
        header.Write(destinationBytes);
        WriteUInt16(header, source.Port);
        WriteUInt16(header, destination.Port);
        if (name.Length > 0)
        {
            header.WriteByte(IdentityType);
            WriteUInt16(header, name.Length);
            header.Write(name);
        }

        return header.ToArray();
    }

    /// <summary>Writes the header before the first byte of the client; null when it was taken whole.</summary>
    public static async ValueTask<ConnectionFailure?> SendAsync(LoopSocket upstream, IPEndPoint source, IPEndPoint destination, SpiffeId? identity)
    {
        byte[] header = Build(source, destination, identity);
        for (int sent = 0; sent < header.Length;)
        {
            IoResult result = upstream.Send(header.AsSpan(sent));
            if (result.IsError)
            {
                return ConnectionFailure.FromErrno(FailurePhase.Connect, FailureSide.Upstream, result.Errno, "send: PROXY header");
            }

            sent += result.Bytes;
            if (result.IsWouldBlock)
            {
                await upstream.WaitWritableAsync();
            }
        }

        return null;
    }

    private static byte[] Bytes(IPAddress address, bool isIPv4) => (isIPv4 ? address : address.MapToIPv6()).GetAddressBytes();

    private static void WriteUInt16(MemoryStream header, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        header.Write(bytes);
    }
}
