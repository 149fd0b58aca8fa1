using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Ambient.Mesh.Dns;

/// <summary>
/// Reads one whole message (RFC 1035 4.1). Whatever the bytes are, it ends, throws nothing, and takes memory in proportion to
/// <see cref="MaxExpandedBytes"/> at most.
/// </summary>
public ref struct DnsMessageReader
{
    /// <summary>
    /// Names written in full, data included. Compression can make 255 bytes of two; a real answer of 64 KB stays far below this.
    /// </summary>
    public const int MaxExpandedBytes = 256 * 1024;

    private const int SmallestRecord = 11;

    private readonly ReadOnlySpan<byte> _message;
    private int _at;
    private int _expanded;
    private Edns? _edns;

    private DnsMessageReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        _at = DnsHeader.Bytes;
    }

    /// <summary>False for a message that is cut short, has more than one question or OPT record, or breaks the rules of names.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsMessage? result)
    {
        result = null;
        return DnsHeader.TryRead(message, out DnsHeader header) && new DnsMessageReader(message).TryRead(header, out result);
    }

    private bool TryRead(DnsHeader header, [NotNullWhen(true)] out DnsMessage? result)
    {
        result = null;
        DnsQuestion? question = null;
        int questions = Count(0);
        if (questions > 1
            || (questions == 1 && !TryReadQuestion(out question))
            || !TryReadRecords(Count(1), out ImmutableArray<DnsRecord> answers)
            || !TryReadRecords(Count(2), out ImmutableArray<DnsRecord> authorities)
            || _edns is not null
            || !TryReadRecords(Count(3), out ImmutableArray<DnsRecord> additionals))
        {
            return false;
        }

        result = new DnsMessage
        {
            Header = header,
            Question = question,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            Edns = _edns,
        };
        return true;
    }

    private readonly int Count(int section) => BinaryPrimitives.ReadUInt16BigEndian(_message[(4 + (2 * section))..]);

    private bool TryReadQuestion([NotNullWhen(true)] out DnsQuestion? question)
    {
        question = null;
        if (!TryReadName(out DnsName? name) || _at + 4 > _message.Length)
        {
            return false;
        }

        question = new DnsQuestion(name, (DnsType)NextUInt16(), (DnsClass)NextUInt16());
        return true;
    }

    private bool TryReadRecords(int count, out ImmutableArray<DnsRecord> records)
    {
        records = [];
        if (count == 0)
        {
            return true;
        }

        // A count that the bytes cannot hold must not size anything.
        if (count > (_message.Length - _at) / SmallestRecord)
        {
            return false;
        }

        ImmutableArray<DnsRecord>.Builder read = ImmutableArray.CreateBuilder<DnsRecord>(count);
        for (int index = 0; index < count; index++)
        {
            if (!TryReadRecord(read))
            {
                return false;
            }
        }

        records = read.DrainToImmutable();
        return true;
    }

    private bool TryReadRecord(ImmutableArray<DnsRecord>.Builder records)
    {
        if (!TryReadName(out DnsName? owner) || _at + 10 > _message.Length)
        {
            return false;
        }

        DnsType type = (DnsType)NextUInt16();
        ushort @class = NextUInt16();
        uint ttl = ((uint)NextUInt16() << 16) | NextUInt16();
        int length = NextUInt16();
        int start = _at;
        _at += length;
        if (_at > _message.Length)
        {
            return false;
        }

        if (type == DnsType.Opt)
        {
            bool isFirst = _edns is null && owner.IsRoot;
            _edns = new Edns(@class, (byte)(ttl >> 16), (byte)(ttl >> 24));
            return isFirst;
        }

        if (!DnsRecordData.TryRead(_message, start, length, type, out byte[] data) || !TryExpand(data.Length))
        {
            return false;
        }

        records.Add(new DnsRecord(owner, type, (DnsClass)@class, ttl, data));
        return true;
    }

    private bool TryReadName([NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[DnsName.MaxBytes];
        if (!DnsNameReader.TryRead(_message, ref _at, wire, out int length) || !TryExpand(length))
        {
            return false;
        }

        name = DnsName.FromWire(wire[..length]);
        return true;
    }

    private bool TryExpand(int bytes) => (_expanded += bytes) <= MaxExpandedBytes;

    private ushort NextUInt16()
    {
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(_message[_at..]);
        _at += 2;
        return value;
    }
}
