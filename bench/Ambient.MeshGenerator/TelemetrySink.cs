using Microsoft.AspNetCore.Http;

namespace Ambient.MeshGenerator;

/// <summary>Takes spans and metrics by OTLP over HTTP, and counts what came.</summary>
internal sealed class TelemetrySink
{
    public const string SpanPath = "/v1/traces";
    public const string MetricPath = "/v1/metrics";

    private long _spanExports;
    private long _metricExports;
    private long _bytes;

    public async Task TakeAsync(HttpContext context)
    {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
        {
            Interlocked.Add(ref _bytes, read);
        }

        Interlocked.Increment(ref context.Request.Path == SpanPath ? ref _spanExports : ref _metricExports);
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>Exports of spans, exports of metrics, bytes of both.</summary>
    public (long Spans, long Metrics, long Bytes) Counts() =>
        (Interlocked.Read(ref _spanExports), Interlocked.Read(ref _metricExports), Interlocked.Read(ref _bytes));
}
