using System.Buffers;
using System.Text;

namespace Ambient.Xds.Decoding;

/// <summary>A response whose resources have been decoded, good and bad, and which holds none of its bytes any more.</summary>
internal sealed class DeltaResponse
{
    public required string TypeUrl { get; init; }

    public required string Nonce { get; init; }

    public required IReadOnlyList<DecodedResource> Resources { get; init; }

    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>Sum of the resources' payloads.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>Decodes a <c>DeltaDiscoveryResponse</c> (node-proxy 3.7.1).</summary>
    /// <exception cref="FormatException">The bytes are no message.</exception>
    public static DeltaResponse Parse(ReadOnlySequence<byte> message, ResourceDecoder decoder)
    {
        string typeUrl = string.Empty;
        string nonce = string.Empty;
        List<string> removed = [];
        List<ReadOnlySequence<byte>> payloads = [];
        ProtoFields fields = new(message);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 2:
                    payloads.Add(fields.Content);
                    break;
                case 4:
                    typeUrl = Encoding.UTF8.GetString(fields.Content);
                    break;
                case 5:
                    nonce = Encoding.UTF8.GetString(fields.Content);
                    break;
                case 6:
                    removed.Add(Encoding.UTF8.GetString(fields.Content));
                    break;
                default:
                    break;
            }
        }

        // The type comes after the resources on the wire, so they wait for it.
        long payloadBytes = 0;
        List<DecodedResource> resources = new(payloads.Count);
        foreach (ReadOnlySequence<byte> payload in payloads)
        {
            ResourceEnvelope envelope = ResourceEnvelope.Parse(payload);
            payloadBytes += envelope.Payload.Length;
            resources.Add(decoder.Decode(typeUrl, envelope));
        }

        return new DeltaResponse { TypeUrl = typeUrl, Nonce = nonce, Resources = resources, Removed = removed, PayloadBytes = payloadBytes };
    }
}
