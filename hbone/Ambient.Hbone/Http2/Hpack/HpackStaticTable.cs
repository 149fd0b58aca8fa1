using System.Text;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>RFC 7541 appendix A; indices begin at 1.</summary>
internal static class HpackStaticTable
{
    public const int Count = 61;

    private static readonly (byte[] Name, byte[] Value)[] Entries = Build(
        ":authority", ":method=GET", ":method=POST", ":path=/", ":path=/index.html", ":scheme=http", ":scheme=https",
        ":status=200", ":status=204", ":status=206", ":status=304", ":status=400", ":status=404", ":status=500",
        "accept-charset", "accept-encoding=gzip, deflate", "accept-language", "accept-ranges", "accept",
        "access-control-allow-origin", "age", "allow", "authorization", "cache-control", "content-disposition",
        "content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type",
        "cookie", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate",
        "proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie",
        "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate");

    // Indices by length of the name: the search below then compares one to five names instead of 61.
    private static readonly byte[][] ByNameLength = GroupByNameLength();

    public static ReadOnlySpan<byte> Name(int index) => Entries[index - 1].Name;

    public static ReadOnlySpan<byte> Value(int index) => Entries[index - 1].Value;

    /// <summary>The index of the field, else of its name alone, else 0.</summary>
    public static int Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out bool isFullMatch)
    {
        isFullMatch = false;
        int found = 0;
        if (name.Length >= ByNameLength.Length)
        {
            return found;
        }

        foreach (byte index in ByNameLength[name.Length])
        {
            if (!Name(index).SequenceEqual(name))
            {
                continue;
            }

            if (Value(index).SequenceEqual(value) && !value.IsEmpty)
            {
                isFullMatch = true;
                return index;
            }

            found = found == 0 ? index : found;
        }

        return found;
    }

    private static (byte[] Name, byte[] Value)[] Build(params string[] fields)
    {
        var entries = new (byte[], byte[])[fields.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            string[] parts = fields[i].Split('=', 2);
            entries[i] = (Encoding.ASCII.GetBytes(parts[0]), parts.Length == 2 ? Encoding.ASCII.GetBytes(parts[1]) : []);
        }

        return entries;
    }

    private static byte[][] GroupByNameLength()
    {
        byte[][] groups = new byte[Entries.Max(entry => entry.Name.Length) + 1][];
        for (int length = 0; length < groups.Length; length++)
        {
            groups[length] = [.. Enumerable.Range(1, Count).Where(index => Name(index).Length == length).Select(index => (byte)index)];
        }

        return groups;
    }
}
