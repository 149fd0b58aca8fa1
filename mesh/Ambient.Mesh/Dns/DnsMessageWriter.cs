using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Ambient.Mesh.Dns;

/// <summary>
/// Writes messages, repeating names by pointer where the spelling is the same (RFC 1035 4.1.4). What does not fit is left out record by
/// record; the message says so (TC) unless only additional records are missing (RFC 2181 9).
/// </summary>
public ref struct DnsMessageWriter
{
    private const int OptBytes = 11;
    private const int MostNames = 64;
    private const int HighestPointer = 0x3FFF;

    private readonly Span<byte> _buffer;
    private readonly Span<ushort> _names;
    private int _at;
    private int _nameCount;
    private bool _isFull;
    private bool _isTruncated;

    private DnsMessageWriter(Span<byte> buffer, Span<ushort> names)
    {
        _buffer = buffer;
        _names = names;
        _at = DnsHeader.Bytes;
    }

    /// <summary>A buffer of this size is never too small, and never smaller than <see cref="Write"/> demands.</summary>
    public static int MostBytes(DnsMessage message)
    {
        int bytes = DnsHeader.Bytes + OptBytes + (message.Question is { } question ? question.Name.Wire.Length + 4 : 0);
        foreach (ImmutableArray<DnsRecord> section in (ReadOnlySpan<ImmutableArray<DnsRecord>>)[message.Answers, message.Authorities, message.Additionals])
        {
            foreach (DnsRecord record in section)
            {
                bytes += record.Owner.Wire.Length + 10 + record.Data.Length;
            }
        }

        return Math.Clamp(bytes, Edns.SmallestPayload, DnsMessage.MaxBytes);
    }

    /// <param name="message">What to write.</param>
    /// <param name="buffer">As long as the receiver takes; 512 bytes at least.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(DnsMessage message, Span<byte> buffer)
    {
        if (buffer.Length < Edns.SmallestPayload)
        {
            throw new ArgumentException($"A message may need {Edns.SmallestPayload} bytes.", nameof(buffer));
        }

        // The room of the OPT record is kept free: it must come even when the answers do not all fit.
        Span<ushort> names = stackalloc ushort[MostNames];
        int room = Math.Min(buffer.Length, DnsMessage.MaxBytes);
        return new DnsMessageWriter(buffer[..(message.Edns is null ? room : room - OptBytes)], names).WriteWhole(message, buffer);
    }

    private int WriteWhole(DnsMessage message, Span<byte> whole)
    {
        int questions = 0;
        if (message.Question is { } question)
        {
            TryWriteName(question.Name);
            Next((ushort)question.Type);
            Next((ushort)question.Class);
            questions = 1;
        }

        int answers = WriteRecords(message.Answers.AsSpan());
        int authorities = WriteRecords(message.Authorities.AsSpan());
        _isTruncated = answers < message.Answers.Length || authorities < message.Authorities.Length;
        int additionals = WriteRecords(message.Additionals.AsSpan());
        if (message.Edns is { } edns)
        {
            WriteOpt(edns, whole[_at..]);
            _at += OptBytes;
            additionals++;
        }

        DnsHeader header = message.Header;
        int flags = header.Flags | (_isTruncated ? DnsHeader.TruncatedFlag : 0);
        ReadOnlySpan<ushort> fields =
            [header.Id, (ushort)flags, (ushort)questions, (ushort)answers, (ushort)authorities, (ushort)additionals];
        for (int index = 0; index < fields.Length; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(whole[(2 * index)..], fields[index]);
        }

        return _at;
    }

    private int WriteRecords(ReadOnlySpan<DnsRecord> records)
    {
        for (int index = 0; index < records.Length; index++)
        {
            int before = _at;
            int namesBefore = _nameCount;
            if (_isFull || !TryWriteRecord(records[index]))
            {
                _at = before;
                _nameCount = namesBefore;
                _isFull = true;
                return index;
            }
        }

        return records.Length;
    }

    private bool TryWriteRecord(DnsRecord record)
    {
        if (!TryWriteName(record.Owner) || _at + 10 + record.Data.Length > _buffer.Length)
        {
            return false;
        }

        Next((ushort)record.Type);
        Next((ushort)record.Class);
        Next((ushort)(record.Ttl >> 16));
        Next((ushort)record.Ttl);
        Next((ushort)record.Data.Length);
        record.Data.Span.CopyTo(_buffer[_at..]);
        _at += record.Data.Length;
        return true;
    }

    private bool TryWriteName(DnsName name)
    {
        ReadOnlySpan<byte> wire = name.Wire;
        int at = 0;
        while (wire[at] != 0)
        {
            if (Find(wire[at..]) is { } known)
            {
                if (_at + 2 > _buffer.Length)
                {
                    return false;
                }

                Next((ushort)(0xC000 | known));
                return true;
            }

            int label = wire[at] + 1;
            if (_at + label > _buffer.Length)
            {
                return false;
            }

            if (_nameCount < MostNames && _at <= HighestPointer)
            {
                _names[_nameCount++] = (ushort)_at;
            }

            wire.Slice(at, label).CopyTo(_buffer[_at..]);
            _at += label;
            at += label;
        }

        if (_at + 1 > _buffer.Length)
        {
            return false;
        }

        _buffer[_at++] = 0;
        return true;
    }

    /// <summary>Where the same labels, to the end of the name, stand already.</summary>
    private readonly int? Find(ReadOnlySpan<byte> labels)
    {
        foreach (ushort candidate in _names[.._nameCount])
        {
            if (IsAt(candidate, labels))
            {
                return candidate;
            }
        }

        return null;
    }

    private readonly bool IsAt(int position, ReadOnlySpan<byte> labels)
    {
        while (position < _at)
        {
            int octet = _buffer[position];
            if ((octet & 0xC0) == 0xC0)
            {
                position = ((octet & 0x3F) << 8) | _buffer[position + 1];
                continue;
            }

            int label = octet + 1;
            if (position + label > _at || !labels.StartsWith(_buffer.Slice(position, label)))
            {
                return false;
            }

            if (octet == 0)
            {
                return true;
            }

            position += label;
            labels = labels[label..];
        }

        return false;
    }

    private static void WriteOpt(Edns edns, Span<byte> target)
    {
        target[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(target[3..], edns.PayloadBytes);
        target[5] = edns.CodeBits;
        target[6] = edns.Version;
        target[7..OptBytes].Clear();
    }

    private void Next(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_at..], value);
        _at += 2;
    }
}
