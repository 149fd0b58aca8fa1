namespace Ambient.Mesh.Dns;

/// <summary>
/// Where names stand in a record's data. Only types known before RFC 3597 may compress them, and only those have to be expanded
/// (section 4 there); the data of all others is opaque.
/// </summary>
internal static class DnsRecordData
{
    /// <summary>A MINFO or SOA is two names and 20 bytes.</summary>
    private const int LargestExpanded = (2 * DnsName.MaxBytes) + 20;

    /// <param name="message">The whole message.</param>
    /// <param name="start">Where the data begins.</param>
    /// <param name="length">What the record says; the names must end exactly there.</param>
    /// <param name="data">The data with its names in full.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, int start, int length, DnsType type, out byte[] data)
    {
        data = [];
        (int before, int names, int after) = LayoutOf(type);
        if (names == 0)
        {
            data = message.Slice(start, length).ToArray();
            return true;
        }

        int end = start + length;
        if (before + after + names > length)
        {
            return false;
        }

        // Nothing of a record may be taken from behind it.
        ReadOnlySpan<byte> readable = message[..end];
        Span<byte> expanded = stackalloc byte[LargestExpanded];
        readable.Slice(start, before).CopyTo(expanded);
        int written = before;
        int at = start + before;
        for (int index = 0; index < names; index++)
        {
            if (!DnsNameReader.TryRead(readable, ref at, expanded[written..], out int name))
            {
                return false;
            }

            written += name;
        }

        if (at + after != end)
        {
            return false;
        }

        readable[at..].CopyTo(expanded[written..]);
        data = expanded[..(written + after)].ToArray();
        return true;
    }

    private static (int Before, int Names, int After) LayoutOf(DnsType type) => type switch
    {
        DnsType.Ns or DnsType.Md or DnsType.Mf or DnsType.CName or DnsType.Mb or DnsType.Mg
            or DnsType.Mr or DnsType.Ptr or DnsType.DName => (0, 1, 0),
        DnsType.Soa => (0, 2, 20),
        DnsType.MInfo or DnsType.Rp => (0, 2, 0),
        DnsType.Mx or DnsType.AfsDb or DnsType.Rt => (2, 1, 0),
        DnsType.Srv => (6, 1, 0),
        _ => default,
    };
}
