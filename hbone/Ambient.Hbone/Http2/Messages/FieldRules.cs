using System.Buffers.Text;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>Walks the regular fields of a message, after its pseudo headers (RFC 9113 8.2, 8.3).</summary>
internal static class FieldRules
{
    public static bool IsPseudo(ReadOnlySpan<byte> name) => name.Length > 0 && name[0] == ':';

    /// <summary>Checks every field from <paramref name="index"/> on, none of which may be a pseudo header.</summary>
    public static void Check(HeaderList list, int index, int offset, ReadOnlySpan<byte> authority, ref MessageHead head)
    {
        head.ContentLength = -1;
        while (index < list.Count && head.Error is null)
        {
            Http2HeaderField field = list.Next(index++, ref offset);
            head.Error = ErrorOf(field, authority, ref head);
        }
    }

    /// <summary>Null when the trailers are sound: they hold no pseudo header (RFC 9113 8.1).</summary>
    public static string? CheckTrailers(HeaderList list)
    {
        MessageHead head = default;
        Check(list, 0, 0, default, ref head);
        return head.Error;
    }

    private static string? ErrorOf(Http2HeaderField field, ReadOnlySpan<byte> authority, ref MessageHead head)
    {
        if (IsPseudo(field.Name))
        {
            return "a pseudo header after a regular one, or in trailers";
        }

        if (!MessageRules.IsValidName(field.Name))
        {
            return "a field name with forbidden characters";
        }

        if (!MessageRules.IsValidValue(field.Value))
        {
            return "a field value with forbidden characters";
        }

        if (MessageRules.IsConnectionSpecific(field.Name, field.Value))
        {
            return "a connection-specific field";
        }

        if (field.Name.SequenceEqual("content-length"u8))
        {
            return TakeContentLength(field.Value, ref head);
        }

        bool contradictsAuthority = !authority.IsEmpty && field.Name.SequenceEqual("host"u8)
            && !System.Text.Ascii.EqualsIgnoreCase(field.Value, authority);
        return contradictsAuthority ? "a host field that differs from :authority" : null;
    }

    private static string? TakeContentLength(ReadOnlySpan<byte> value, ref MessageHead head)
    {
        bool isNumber = Utf8Parser.TryParse(value, out long length, out int used) && used == value.Length && value[0] is not ((byte)'-' or (byte)'+');
        if (!isNumber || (head.ContentLength >= 0 && head.ContentLength != length))
        {
            return "a content-length that is no number, or two that differ";
        }

        head.ContentLength = length;
        return null;
    }
}
