using System.Buffers;
using Ambient.Ztunnel.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.Ztunnel.Admin;

/// <summary>Port 15020 (node-proxy 9.1).</summary>
internal sealed class MetricsPages(MetricsRegistry registry) : IHttpPages, IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>One scrape at a time: each builds the whole text, and more at once would only multiply the memory.</summary>
    private readonly SemaphoreSlim _oneScrape = new(1);

    public async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path.Value is not ("/metrics" or "/stats/prometheus"))
        {
            await PlainText.WriteAsync(context, StatusCodes.Status404NotFound, "not found; metrics are at /metrics and /stats/prometheus\n");
            return;
        }

        await _oneScrape.WaitAsync(context.RequestAborted);
        try
        {
            await ScrapeAsync(context);
        }
        finally
        {
            _oneScrape.Release();
        }
    }

    public void Dispose() => _oneScrape.Dispose();

    /// <summary>True when a media type of the Accept header, its parameters aside, is the OpenMetrics one.</summary>
    internal static bool AcceptsOpenMetrics(string accept)
    {
        foreach (Range part in accept.AsSpan().Split(','))
        {
            ReadOnlySpan<char> mediaType = accept.AsSpan(part);
            int semicolon = mediaType.IndexOf(';');
            mediaType = (semicolon < 0 ? mediaType : mediaType[..semicolon]).Trim();
            if (mediaType.Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private async Task ScrapeAsync(HttpContext context)
    {
        var text = new ArrayBufferWriter<byte>(16 * 1024);
        registry.WriteTo(text);
        string contentType = AcceptsOpenMetrics(context.Request.Headers.Accept.ToString())
            ? OpenMetrics + ";charset=utf-8;version=1.0.0"
            : "text/plain; charset=utf-8";
        string? encoding = ContentCoding.Pick(context.Request.Headers.AcceptEncoding.ToString());
        context.Response.Headers.Vary = "Accept, Accept-Encoding";
        if (encoding is not null)
        {
            context.Response.Headers.ContentEncoding = encoding;
        }

        await PlainText.WriteAsync(context, StatusCodes.Status200OK, contentType, ContentCoding.Encode(encoding, text.WrittenMemory));
    }
}
