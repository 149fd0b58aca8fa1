using System.Buffers.Binary;

namespace Ambient.Lab.Demo.Wire;

/// <summary>Reads what tcpdump writes: packets of an Ethernet, in the file format with microseconds.</summary>
internal static class PcapFile
{
    private const uint Magic = 0xa1b2c3d4;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int CapturedLengthOffset = 8;
    private const int EthernetHeaderBytes = 14;
    private const int IPv6HeaderBytes = 40;
    private const int FirstEphemeralPort = 10000;
    private const ushort HbonePort = 15008;

    /// <summary>All packets that are in the file as a whole; a record cut short at its end is left out.</summary>
    public static IReadOnlyList<WireChunk> Parse(ReadOnlyMemory<byte> file)
    {
        var packets = new List<WireChunk>();
        if (file.Length < FileHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(file.Span) != Magic)
        {
            return packets;
        }

        ReadOnlyMemory<byte> rest = file[FileHeaderBytes..];
        while (rest.Length >= RecordHeaderBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[CapturedLengthOffset..]);
            if (length > rest.Length - RecordHeaderBytes)
            {
                break;
            }

            ReadOnlyMemory<byte> packet = rest.Slice(RecordHeaderBytes, (int)length);
            packets.Add(new WireChunk(Classify(packet.Span), packet));
            rest = rest[(RecordHeaderBytes + (int)length)..];
        }

        return packets;
    }

    /// <summary>Protocol and port of an Ethernet frame.</summary>
    internal static string Classify(ReadOnlySpan<byte> frame)
    {
        const ushort IPv4 = 0x0800;
        const ushort Arp = 0x0806;
        const ushort IPv6 = 0x86dd;
        if (frame.Length < EthernetHeaderBytes)
        {
            return "short frame";
        }

        ReadOnlySpan<byte> packet = frame[EthernetHeaderBytes..];
        return BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
        {
            Arp => WireChunk.Neighbours,
            IPv4 when packet.Length >= 20 && packet.Length >= (packet[0] & 15) * 4 => ClassifyTransport(packet[9], packet[((packet[0] & 15) * 4)..]),
            IPv6 when packet.Length >= IPv6HeaderBytes => ClassifyTransport(packet[6], packet[IPv6HeaderBytes..]),
            ushort other => $"ethertype 0x{other:x4}",
        };
    }

    private static string ClassifyTransport(byte protocol, ReadOnlySpan<byte> segment)
    {
        const byte HopByHop = 0;
        const byte Tcp = 6;
        const byte Udp = 17;
        const byte IcmpV6 = 58;
        return protocol switch
        {
            Tcp or Udp when segment.Length >= 4 => $"{(protocol == Tcp ? "tcp" : "udp")}/{ServerPort(segment)}",
            IcmpV6 => WireChunk.Neighbours,
            // Multicast listener reports carry a router alert in front of ICMPv6.
            HopByHop when segment.Length >= 2 && segment[0] == IcmpV6 => WireChunk.Neighbours,
            _ => $"protocol {protocol}",
        };
    }

    private static ushort ServerPort(ReadOnlySpan<byte> segment)
    {
        ushort source = BinaryPrimitives.ReadUInt16BigEndian(segment);
        ushort destination = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
        if (source == HbonePort || destination == HbonePort)
        {
            return HbonePort;
        }

        return source < FirstEphemeralPort ? source : destination;
    }
}
