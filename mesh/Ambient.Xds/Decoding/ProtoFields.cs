using System.Buffers;
using Google.Protobuf;

namespace Ambient.Xds.Decoding;

/// <summary>
/// Walks the fields of one message without copying it. The generated parser would hold every resource of a push at once, twice: as bytes
/// and as an object.
/// </summary>
internal ref struct ProtoFields(ReadOnlySequence<byte> message)
{
    private const int MaxVarintBytes = 10;
    private SequenceReader<byte> _reader = new(message);

    /// <summary>The number of the current field.</summary>
    public int Number { get; private set; }

    /// <summary>The content of the current field when it is length-delimited, else empty.</summary>
    public ReadOnlySequence<byte> Content { get; private set; }

    /// <summary>False after the last field.</summary>
    /// <exception cref="FormatException">The bytes are no message.</exception>
    public bool Next()
    {
        if (_reader.End)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Number = (int)(tag >> 3);
        Content = default;
        if (Number == 0 || tag > uint.MaxValue)
        {
            throw Malformed("field number out of range");
        }

        switch ((WireFormat.WireType)(tag & 7))
        {
            case WireFormat.WireType.Varint:
                ReadVarint();
                return true;
            case WireFormat.WireType.Fixed64:
                Take(sizeof(ulong));
                return true;
            case WireFormat.WireType.LengthDelimited:
                Content = Take(ReadVarint());
                return true;
            case WireFormat.WireType.Fixed32:
                Take(sizeof(uint));
                return true;
            default:
                throw Malformed("unknown wire type");
        }
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int index = 0; index < MaxVarintBytes; index++)
        {
            if (!_reader.TryRead(out byte part))
            {
                throw Malformed("cut in a number");
            }

            value |= (ulong)(part & 0x7f) << (7 * index);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Malformed("number too long");
    }

    private ReadOnlySequence<byte> Take(ulong length)
    {
        if (length > (ulong)_reader.Remaining)
        {
            throw Malformed("cut in a field");
        }

        ReadOnlySequence<byte> content = _reader.UnreadSequence.Slice(0, (long)length);
        _reader.Advance((long)length);
        return content;
    }

    private static FormatException Malformed(string what) => new($"malformed message: {what}");
}
