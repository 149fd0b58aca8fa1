namespace Ambient.Mesh.Dns;

/// <summary>Reads names that may point into what came before them (RFC 1035 4.1.4).</summary>
internal static class DnsNameReader
{
    private const int PointerMask = 0xC0;

    /// <summary>
    /// Every pointer must lead to before the part that it ends, so that each step goes back and none can be taken twice; and to behind
    /// the header, which holds no names.
    /// </summary>
    /// <param name="message">From its first byte, since pointers count from there.</param>
    /// <param name="position">Moved behind the name where it stands.</param>
    /// <param name="target">At least <see cref="DnsName.MaxBytes"/>: receives the name in full.</param>
    /// <param name="length">Bytes written.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int position, Span<byte> target, out int length)
    {
        length = 0;
        int at = position;
        int start = position;
        bool isMoved = false;
        while (at < message.Length)
        {
            int octet = message[at];
            if (octet == 0)
            {
                target[length++] = 0;
                position = isMoved ? position : at + 1;
                return true;
            }

            if ((octet & PointerMask) == PointerMask)
            {
                if (at + 1 >= message.Length)
                {
                    return false;
                }

                int destination = ((octet & ~PointerMask) << 8) | message[at + 1];
                if (destination >= start || destination < DnsHeader.Bytes)
                {
                    return false;
                }

                position = isMoved ? position : at + 2;
                isMoved = true;
                at = start = destination;
                continue;
            }

            int end = at + 1 + octet;
            if ((octet & PointerMask) != 0 || end > message.Length || length + 1 + octet >= DnsName.MaxBytes)
            {
                return false;
            }

            message[at..end].CopyTo(target[length..]);
            length += end - at;
            at = end;
        }

        return false;
    }
}
