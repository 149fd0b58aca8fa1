using System.Globalization;
using System.IO.Compression;

namespace Ambient.Ztunnel.Admin;

/// <summary>Accept-Encoding (RFC 9110 12.5.3) with the codings that the class library has: gzip and br.</summary>
internal static class ContentCoding
{
    private const string Gzip = "gzip";
    private const string Brotli = "br";

    /// <summary>The coding of the highest weight, gzip when equal; null for none.</summary>
    public static string? Pick(string acceptEncoding)
    {
        double gzip = Weight(acceptEncoding, Gzip);
        double brotli = Weight(acceptEncoding, Brotli);
        if (gzip <= 0 && brotli <= 0)
        {
            return null;
        }

        return gzip >= brotli ? Gzip : Brotli;
    }

    public static ReadOnlyMemory<byte> Encode(string? coding, ReadOnlyMemory<byte> text)
    {
        if (coding is null)
        {
            return text;
        }

        var output = new MemoryStream();
        using (Stream stream = coding == Gzip
            ? new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true)
            : new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(text.Span);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private static double Weight(string acceptEncoding, string coding)
    {
        foreach (Range part in acceptEncoding.AsSpan().Split(','))
        {
            ReadOnlySpan<char> entry = acceptEncoding.AsSpan(part);
            int semicolon = entry.IndexOf(';');
            ReadOnlySpan<char> name = (semicolon < 0 ? entry : entry[..semicolon]).Trim();
            if (name.Equals(coding, StringComparison.OrdinalIgnoreCase))
            {
                return semicolon < 0 ? 1 : Quality(entry[(semicolon + 1)..].Trim());
            }
        }

        return 0;
    }

    /// <summary>A malformed weight counts as a refusal: an unencoded answer is always understood.</summary>
    private static double Quality(ReadOnlySpan<char> parameter) =>
        parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double quality)
        && quality <= 1 ? quality : 0;
}
