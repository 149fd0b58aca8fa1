using System.Buffers.Binary;
using System.Net;

namespace Ambient.Bench.Footing;

/// <summary>Reads a capture of an Ethernet link in the classic pcap format and finds the ServerHellos in it.</summary>
internal static class PcapReader
{
    private const uint LittleEndianMicroseconds = 0xa1b2c3d4;
    private const int FileHeaderBytes = 24;
    private const int PacketHeaderBytes = 16;
    private const int EthernetBytes = 14;
    private const ushort EtherTypeIp4 = 0x0800;
    private const byte ProtocolTcp = 6;

    public static IReadOnlyList<TlsHello> ServerHellos(ReadOnlySpan<byte> capture)
    {
        if (capture.Length < FileHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(capture) != LittleEndianMicroseconds)
        {
            throw new InvalidDataException("Not a little-endian pcap capture");
        }

        List<TlsHello> hellos = [];
        int position = FileHeaderBytes;
        while (position + PacketHeaderBytes <= capture.Length)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(capture[(position + 8)..]);
            position += PacketHeaderBytes;
            if (length < 0 || position + length > capture.Length)
            {
                break;
            }

            if (ReadPacket(capture.Slice(position, length)) is TlsHello hello)
            {
                hellos.Add(hello);
            }

            position += length;
        }

        return hellos;
    }

    private static TlsHello? ReadPacket(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetBytes + 20 || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherTypeIp4)
        {
            return null;
        }

        ReadOnlySpan<byte> packet = frame[EthernetBytes..];
        int ipHeader = (packet[0] & 0xf) * 4;
        if (packet[9] != ProtocolTcp || packet.Length < ipHeader + 20)
        {
            return null;
        }

        // The IP total length can be 0 under segmentation offload; the frame's own length is right, short frames being padded beyond any hello.
        ReadOnlySpan<byte> segment = packet[ipHeader..];
        int tcpHeader = (segment[12] >> 4) * 4;
        IPEndPoint source = new(new IPAddress(packet.Slice(12, 4)), BinaryPrimitives.ReadUInt16BigEndian(segment));
        return segment.Length <= tcpHeader ? null : TlsHelloParser.Parse(source, segment[tcpHeader..]);
    }
}
