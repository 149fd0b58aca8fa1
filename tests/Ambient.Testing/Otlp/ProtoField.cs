using System.Buffers.Binary;
using System.Text;

namespace Ambient.Testing.Otlp;

/// <summary>One field of a protobuf message, read without a schema. Strict: what is not well-formed throws.</summary>
/// <param name="Scalar">A varint or fixed64.</param>
/// <param name="Bytes">Empty for scalars.</param>
public sealed record ProtoField(int Number, ulong Scalar, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string Hex => Convert.ToHexStringLower(Bytes);

    public double Double => BitConverter.UInt64BitsToDouble(Scalar);

    public IReadOnlyList<ProtoField> Message => Read(Bytes);

    public static IReadOnlyList<ProtoField> Read(ReadOnlySpan<byte> bytes)
    {
        List<ProtoField> fields = [];
        while (!bytes.IsEmpty)
        {
            ulong tag = Varint(ref bytes);
            int number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(new ProtoField(number, Varint(ref bytes), []));
                    break;
                case 1:
                    fields.Add(new ProtoField(number, BinaryPrimitives.ReadUInt64LittleEndian(bytes), []));
                    bytes = bytes[8..];
                    break;
                case 2:
                    int length = (int)Varint(ref bytes);
                    fields.Add(new ProtoField(number, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7} of field {number}");
            }
        }

        return fields;
    }

    /// <summary>All messages at a path of field numbers below this message's bytes.</summary>
    public static IEnumerable<IReadOnlyList<ProtoField>> Find(ReadOnlyMemory<byte> message, params int[] path)
    {
        IEnumerable<IReadOnlyList<ProtoField>> found = [Read(message.Span)];
        foreach (int number in path)
        {
            found = [.. found.SelectMany(fields => fields).Where(field => field.Number == number).Select(field => field.Message)];
        }

        return found;
    }

    /// <summary>KeyValue messages of a field: names to text, numbers as text too.</summary>
    public static Dictionary<string, string> Attributes(IEnumerable<ProtoField> message, int number) => message
        .Where(field => field.Number == number)
        .ToDictionary(
            field => field.Message.Single(part => part.Number == 1).Text,
            field => field.Message.Single(part => part.Number == 2).Message.Single() is var value && value.Number == 1
                ? value.Text
                : ((long)value.Scalar).ToString());

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int index = 0; index < 10; index++)
        {
            value |= (ulong)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] < 0x80)
            {
                bytes = bytes[(index + 1)..];
                return value;
            }
        }

        throw new FormatException("varint longer than ten bytes");
    }
}
