using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>What makes a request malformed (RFC 9113 8.3.1, 8.5).</summary>
internal static class RequestRules
{
    private const int Method = 1;
    private const int Scheme = 2;
    private const int Authority = 4;
    private const int Path = 8;

    public static MessageHead Check(HeaderList list)
    {
        MessageHead head = default;
        ReadOnlySpan<byte> authority = default;
        bool isHttp = false;
        int seen = 0;
        int offset = 0;
        int index = 0;
        for (; index < list.Count && head.Error is null; index++)
        {
            int next = offset;
            Http2HeaderField field = list.Next(index, ref next);
            if (!FieldRules.IsPseudo(field.Name))
            {
                break;
            }

            offset = next;
            int pseudo = BitOf(field.Name);
            head.Error = CheckPseudo(pseudo, field.Value, seen);
            seen |= pseudo;
            head.IsConnect |= pseudo == Method && field.Value.SequenceEqual("CONNECT"u8);
            isHttp |= pseudo == Scheme && (field.Value.SequenceEqual("http"u8) || field.Value.SequenceEqual("https"u8));
            authority = pseudo == Authority ? field.Value : authority;
        }

        head.Error ??= CheckSet(seen, head.IsConnect);
        head.Error ??= isHttp && authority.Contains((byte)'@') ? "an :authority with user information" : null;
        if (head.Error is null)
        {
            FieldRules.Check(list, index, offset, authority, ref head);
            head.Error ??= head.IsConnect && head.ContentLength >= 0 ? "a content-length on a CONNECT, which has no content" : null;
        }

        return head;
    }

    private static string? CheckPseudo(int pseudo, ReadOnlySpan<byte> value, int seen)
    {
        if (pseudo == 0 || (seen & pseudo) != 0)
        {
            return pseudo == 0 ? "an unknown pseudo header" : "a pseudo header twice";
        }

        return pseudo switch
        {
            Method when !MessageRules.IsValidMethod(value) => "a :method that is no token",
            Path when value.IsEmpty => "an empty :path",
            _ => MessageRules.IsValidValue(value) ? null : "a pseudo header value with forbidden characters",
        };
    }

    private static int BitOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(":method"u8))
        {
            return Method;
        }

        if (name.SequenceEqual(":authority"u8))
        {
            return Authority;
        }

        if (name.SequenceEqual(":scheme"u8))
        {
            return Scheme;
        }

        return name.SequenceEqual(":path"u8) ? Path : 0;
    }

    private static string? CheckSet(int seen, bool isConnect)
    {
        if ((seen & Method) == 0)
        {
            return "no :method";
        }

        if (isConnect)
        {
            return seen == (Method | Authority) ? null : "a CONNECT with :scheme or :path, or without :authority";
        }

        return (seen & (Scheme | Path)) == (Scheme | Path) ? null : "a request without :scheme or :path";
    }
}
