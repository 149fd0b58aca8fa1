using System.Buffers;
using System.Text;
using Google.Protobuf;

namespace Ambient.Bench.Cluster;

/// <summary>
/// Reads of a <c>DeltaDiscoveryResponse</c> what a count of arrivals needs, and makes no object for each resource: a thousand nodes are to cost
/// less than the control plane that serves them.
/// </summary>
internal static class ArrivalScan
{
    private const uint ResourcesTag = (2 << 3) | 2;
    private const uint TypeUrlTag = (4 << 3) | 2;
    private const uint NonceTag = (5 << 3) | 2;
    private const uint NameTag = (3 << 3) | 2;
    private const int Digits = 7;

    /// <param name="message">The response.</param>
    /// <param name="arrived">Called with the number of each pod.</param>
    public static ScannedResponse Scan(ReadOnlySequence<byte> message, Action<int> arrived)
    {
        if (message.IsSingleSegment)
        {
            return Scan(message.FirstSpan, arrived);
        }

        byte[] whole = ArrayPool<byte>.Shared.Rent((int)message.Length);
        try
        {
            message.CopyTo(whole);
            return Scan(whole.AsSpan(0, (int)message.Length), arrived);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private static ScannedResponse Scan(ReadOnlySpan<byte> bytes, Action<int> arrived)
    {
        string type = "";
        string nonce = "";
        int resources = 0;
        while (Next(ref bytes, out uint tag, out ReadOnlySpan<byte> value))
        {
            switch (tag)
            {
                case ResourcesTag:
                    resources++;
                    if (PodOf(value) is int pod and >= 0)
                    {
                        arrived(pod);
                    }

                    break;
                case TypeUrlTag:
                    type = Encoding.UTF8.GetString(value);
                    break;
                case NonceTag:
                    nonce = Encoding.UTF8.GetString(value);
                    break;
            }
        }

        return new ScannedResponse(type, nonce, resources);
    }

    /// <summary>The number at the end of a pod's name; -1 for other resources.</summary>
    private static int PodOf(ReadOnlySpan<byte> resource)
    {
        while (Next(ref resource, out uint tag, out ReadOnlySpan<byte> value))
        {
            if (tag == NameTag)
            {
                return value.Length > Digits && value.IndexOf("//Pod/"u8) >= 0 && int.TryParse(value[^Digits..], out int pod) ? pod : -1;
            }
        }

        return -1;
    }

    /// <summary>One field of a message that has none but numbers and those with a length.</summary>
    private static bool Next(ref ReadOnlySpan<byte> bytes, out uint tag, out ReadOnlySpan<byte> value)
    {
        tag = 0;
        value = default;
        if (bytes.IsEmpty)
        {
            return false;
        }

        tag = (uint)Number(ref bytes);
        ulong number = Number(ref bytes);
        if ((tag & 7) == (uint)WireFormat.WireType.LengthDelimited)
        {
            value = bytes[..(int)number];
            bytes = bytes[(int)number..];
        }

        return true;
    }

    private static ulong Number(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (int index = 0; ; index++)
        {
            number |= (ulong)(bytes[index] & 0x7f) << (7 * index);
            if (bytes[index] < 0x80)
            {
                bytes = bytes[(index + 1)..];
                return number;
            }
        }
    }
}
