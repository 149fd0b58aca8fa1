using System.Buffers;
using System.Text;

namespace Ambient.Xds.Decoding;

/// <summary>A <c>Resource</c> of a response: name and version, and the payload as it is (node-proxy 3.7.1).</summary>
public readonly ref struct ResourceEnvelope
{
    private ResourceEnvelope(string name, string version, ReadOnlySequence<byte> payload)
    {
        Name = name;
        Version = version;
        Payload = payload;
    }

    public string Name { get; }

    public string Version { get; }

    public ReadOnlySequence<byte> Payload { get; }

    /// <exception cref="FormatException">The bytes are no message.</exception>
    public static ResourceEnvelope Parse(ReadOnlySequence<byte> message)
    {
        string name = string.Empty;
        string version = string.Empty;
        ReadOnlySequence<byte> payload = default;
        ProtoFields fields = new(message);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    version = Encoding.UTF8.GetString(fields.Content);
                    break;
                case 2:
                    payload = ValueOf(fields.Content);
                    break;
                case 3:
                    name = Encoding.UTF8.GetString(fields.Content);
                    break;
                default:
                    break;
            }
        }

        return new ResourceEnvelope(name, version, payload);
    }

    // google.protobuf.Any: its own type URL says what the response's says already.
    private static ReadOnlySequence<byte> ValueOf(ReadOnlySequence<byte> any)
    {
        ReadOnlySequence<byte> value = default;
        ProtoFields fields = new(any);
        while (fields.Next())
        {
            value = fields.Number == 2 ? fields.Content : value;
        }

        return value;
    }
}
