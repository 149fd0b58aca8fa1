using System.IO.Compression;
using Ambient.Ztunnel.Admin;

namespace Ambient.UnitTests.Ztunnel.Admin;

public sealed class ContentCodingTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("identity", null)]
    [InlineData("zstd", null)]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("GZIP", "gzip")]
    [InlineData("zstd, br, gzip", "gzip")]
    [InlineData("br;q=1.0, gzip;q=0.5", "br")]
    [InlineData("gzip;q=0", null)]
    [InlineData("gzip;q=0, br", "br")]
    [InlineData("gzip;q=nonsense", null)]
    [InlineData("gzip;q=2", null)]
    [InlineData(",,;;,", null)]
    public void Picks_the_coding_of_the_highest_weight(string accept, string? expected) => Assert.Equal(expected, ContentCoding.Pick(accept));

    [Fact]
    public void Encodes_what_can_be_decoded_again()
    {
        byte[] text = [.. Enumerable.Range(0, 10_000).Select(number => (byte)(number % 7))];
        using var gzip = new GZipStream(new MemoryStream(ContentCoding.Encode("gzip", text).ToArray()), CompressionMode.Decompress);
        using var brotli = new BrotliStream(new MemoryStream(ContentCoding.Encode("br", text).ToArray()), CompressionMode.Decompress);

        Assert.Equal(text, ReadAll(gzip));
        Assert.Equal(text, ReadAll(brotli));
        Assert.Equal(text, ContentCoding.Encode(null, text).ToArray());
    }

    [Theory]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("text/plain, application/openmetrics-text;q=0.1", true)]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-textual", false)]
    [InlineData("", false)]
    public void Knows_when_open_metrics_is_accepted(string accept, bool expected) =>
        Assert.Equal(expected, MetricsPages.AcceptsOpenMetrics(accept));

    private static byte[] ReadAll(Stream stream)
    {
        using var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }
}
