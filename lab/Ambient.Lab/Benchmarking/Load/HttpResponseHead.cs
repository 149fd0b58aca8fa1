using System.Buffers.Text;
using System.Text;

namespace Ambient.Lab.Benchmarking.Load;

/// <summary>Status line and those fields of a response that say where it ends (RFC 9112 6.3).</summary>
/// <param name="Status">100 to 599.</param>
/// <param name="ContentLength">Null without the field.</param>
/// <param name="IsChunked">The body comes in chunks.</param>
/// <param name="ClosesConnection">The server closes the connection behind the body.</param>
internal readonly record struct HttpResponseHead(int Status, long? ContentLength, bool IsChunked, bool ClosesConnection)
{
    private const int StatusOffset = 9;
    private const int StatusLength = 3;

    public bool IsInterim => Status is >= 100 and < 200;

    /// <summary>Answers to GET that have no body whatever their fields say.</summary>
    public bool HasNoBody => Status is 204 or 304;

    /// <summary>Reads a head that ends behind its empty line. Null when it is no HTTP/1.x response.</summary>
    public static HttpResponseHead? Parse(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> line = TakeLine(ref head);
        bool isVersion11 = line.StartsWith("HTTP/1.1 "u8);
        if ((!isVersion11 && !line.StartsWith("HTTP/1.0 "u8)) || line.Length < StatusOffset + StatusLength
            || !Utf8Parser.TryParse(line.Slice(StatusOffset, StatusLength), out int status, out int used) || used != StatusLength || status is < 100 or > 599)
        {
            return null;
        }

        var result = new HttpResponseHead(status, null, false, !isVersion11);
        while (!head.IsEmpty)
        {
            if (result.WithField(TakeLine(ref head)) is not { } next)
            {
                return null;
            }

            result = next;
        }

        return result;
    }

    private HttpResponseHead? WithField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return line.IsEmpty ? this : null;
        }

        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            bool isNumber = Utf8Parser.TryParse(value, out long length, out int used) && used == value.Length && length >= 0;
            return isNumber && (ContentLength ?? length) == length ? this with { ContentLength = length } : null;
        }

        if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            // Another coding ends with the connection (RFC 9112 6.3), which counts as neither.
            return Ascii.EqualsIgnoreCase(value, "chunked"u8) ? this with { IsChunked = true } : null;
        }

        if (Ascii.EqualsIgnoreCase(name, "connection"u8))
        {
            bool closes = Ascii.EqualsIgnoreCase(value, "close"u8) || (ClosesConnection && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8));
            return this with { ClosesConnection = closes };
        }

        return this;
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }
}
