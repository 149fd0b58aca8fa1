using System.Buffers.Binary;

namespace Ambient.Mesh.Dns;

/// <summary>Id and flags of a message (RFC 1035 4.1.1), without the counts.</summary>
/// <param name="Id">Pairs a response with its query.</param>
/// <param name="Flags">The second 16 bits, as on the wire.</param>
public readonly record struct DnsHeader(ushort Id, ushort Flags)
{
    /// <summary>Bytes of a whole header on the wire, counts included.</summary>
    public const int Bytes = 12;

    public const ushort ResponseFlag = 0x8000;
    public const ushort AuthoritativeFlag = 0x0400;
    public const ushort TruncatedFlag = 0x0200;
    public const ushort RecursionDesiredFlag = 0x0100;
    public const ushort RecursionAvailableFlag = 0x0080;

    private const ushort OpcodeMask = 0x7800;
    private const ushort CodeMask = 0x000F;

    public bool IsResponse => (Flags & ResponseFlag) != 0;

    public bool IsAuthoritative => (Flags & AuthoritativeFlag) != 0;

    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    public bool IsRecursionDesired => (Flags & RecursionDesiredFlag) != 0;

    public bool IsRecursionAvailable => (Flags & RecursionAvailableFlag) != 0;

    /// <summary>0 is QUERY.</summary>
    public int Opcode => (Flags & OpcodeMask) >> 11;

    /// <summary>The low four bits of the response code; EDNS may add eight more.</summary>
    public int CodeBits => Flags & CodeMask;

    /// <summary>The header of a response to this query: opcode and RD come back, RA is set (node-proxy 8.3).</summary>
    public DnsHeader ToResponse(DnsResponseCode code, bool isAuthoritative) => new(Id, (ushort)(
        ResponseFlag | (Flags & (OpcodeMask | RecursionDesiredFlag)) | RecursionAvailableFlag
        | (isAuthoritative ? AuthoritativeFlag : 0) | ((int)code & CodeMask)));

    /// <summary>False when there are fewer bytes than a header has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        header = message.Length < Bytes
            ? default
            : new DnsHeader(BinaryPrimitives.ReadUInt16BigEndian(message), BinaryPrimitives.ReadUInt16BigEndian(message[2..]));
        return message.Length >= Bytes;
    }
}
