using System.Buffers;
using Ambient.Ztunnel.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.Ztunnel.Admin;

/// <summary>Port 15020 (node-proxy 9.1).</summary>
internal sealed class MetricsPages(MetricsRegistry registry) : IHttpPages, IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>For a client to take the answer: everybody in the cluster can reach this port, and each answer holds its whole text.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    /// <summary>One text is built at a time; writing is outside of it, so that a client that does not read holds up nobody.</summary>
    private readonly SemaphoreSlim _oneScrape = new(1);

    public async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path.Value is not ("/metrics" or "/stats/prometheus"))
        {
            await PlainText.WriteAsync(context, StatusCodes.Status404NotFound, "not found; metrics are at /metrics and /stats/prometheus\n");
            return;
        }

        string? encoding = ContentCoding.Pick(context.Request.Headers.AcceptEncoding.ToString());
        ReadOnlyMemory<byte> body = await BuildAsync(encoding, context.RequestAborted);
        using var limit = new CancellationTokenSource(WriteLimit);
        await using CancellationTokenRegistration cut = limit.Token.Register(context.Abort);
        await AnswerAsync(context, encoding, body);
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

    private async Task<ReadOnlyMemory<byte>> BuildAsync(string? encoding, CancellationToken cancellation)
    {
        await _oneScrape.WaitAsync(cancellation);
        try
        {
            var text = new ArrayBufferWriter<byte>(16 * 1024);
            registry.WriteTo(text);
            return ContentCoding.Encode(encoding, text.WrittenMemory);
        }
        finally
        {
            _oneScrape.Release();
        }
    }

    private static Task AnswerAsync(HttpContext context, string? encoding, ReadOnlyMemory<byte> body)
    {
        string contentType = AcceptsOpenMetrics(context.Request.Headers.Accept.ToString())
            ? OpenMetrics + ";charset=utf-8;version=1.0.0"
            : "text/plain; charset=utf-8";
        context.Response.Headers.Vary = "Accept, Accept-Encoding";
        if (encoding is not null)
        {
            context.Response.Headers.ContentEncoding = encoding;
        }

        return PlainText.WriteAsync(context, StatusCodes.Status200OK, contentType, body);
    }
}
