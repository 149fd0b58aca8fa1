using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Testing.Redirection;

/// <summary>The socket options of Linux that redirection is about and that .NET has no names for.</summary>
public static class SocketMarks
{
    private const int SolSocket = 1;
    private const int SoMark = 36;
    private const int SolIp = 0;
    private const int SolIpV6 = 41;
    private const int IpFreebind = 15;
    private const int IpTransparent = 19;
    private const int IpV6Transparent = 75;
    private const int IpV6Freebind = 78;
    private const int OriginalDestination = 80;

    public static void Set(Socket socket, uint mark)
    {
        if (mark != 0)
        {
            socket.SetRawSocketOption(SolSocket, SoMark, BitConverter.GetBytes(mark));
        }
    }

    /// <summary>Lets the socket be bound to an address that the namespace does not have (node-proxy 2.6).</summary>
    public static void MakeTransparent(Socket socket)
    {
        bool ipv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] on = BitConverter.GetBytes(1);
        socket.SetRawSocketOption(ipv6 ? SolIpV6 : SolIp, ipv6 ? IpV6Transparent : IpTransparent, on);
        socket.SetRawSocketOption(ipv6 ? SolIpV6 : SolIp, ipv6 ? IpV6Freebind : IpFreebind, on);
    }

    /// <summary>Where a redirected connection was on its way to.</summary>
    public static IPEndPoint OriginalDestinationOf(Socket socket, bool ipv6)
    {
        byte[] address = new byte[28];
        socket.GetRawSocketOption(ipv6 ? SolIpV6 : SolIp, OriginalDestination, address);
        int port = BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2));
        return new IPEndPoint(new IPAddress(ipv6 ? address.AsSpan(8, 16) : address.AsSpan(4, 4)), port);
    }

    /// <summary>Of the far end, IPv4 addresses without their IPv6 form.</summary>
    public static IPAddress CallerOf(Socket socket)
    {
        IPAddress address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
