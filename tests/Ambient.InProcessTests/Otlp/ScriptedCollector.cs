using System.Collections.Concurrent;
using System.Net;
using Ambient.Testing.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.InProcessTests.Otlp;

/// <summary>An OTLP collector that keeps what it is sent: protobuf over HTTP/1.1, or gRPC over HTTP/2 without TLS.</summary>
internal sealed class ScriptedCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, string? Token, byte[] Message)> _received = new();
    private readonly ConcurrentDictionary<string, int> _refusals = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private ScriptedCollector(bool isGrpc)
    {
        IsGrpc = isGrpc;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    public bool IsGrpc { get; }

    /// <summary>What it answers; 200 unless told otherwise. For gRPC a status other than 200 is grpc-status 14, unavailable.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Requests that were answered with something else.</summary>
    public int Refusals => _refusals.Values.Sum();

    public (string, string)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _server.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", IsGrpc ? "grpc" : "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-token=a%20b"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
    ];

    public static async Task<ScriptedCollector> StartAsync(bool isGrpc = false)
    {
        ScriptedCollector collector = new(isGrpc);
        await collector._server.StartAsync();
        return collector;
    }

    public IEnumerable<(string Path, string? Token, byte[] Message)> Received => _received;

    /// <summary>Spans by the name of the service that sent them.</summary>
    public IEnumerable<(string Service, IReadOnlyList<ProtoField> Span)> Spans =>
        _received.Where(request => request.Path.Contains("trace", StringComparison.Ordinal)).SelectMany(request =>
            ProtoField.Find(request.Message, 1, 2, 2).Select(span => (Service(request.Message), span)));

    public IEnumerable<(string Service, IReadOnlyList<ProtoField> Metric)> Metrics =>
        _received.Where(request => request.Path.Contains("metrics", StringComparison.Ordinal)).SelectMany(request =>
            ProtoField.Find(request.Message, 1, 2, 2).Select(metric => (Service(request.Message), metric)));

    /// <summary>Waits for requests until what they brought is enough; of one waiter at a time.</summary>
    public async Task WaitUntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await _arrived.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _arrived.Dispose();
    }

    private static string Service(byte[] message) => ProtoField.Attributes(ProtoField.Find(message, 1, 1).Single(), 1)["service.name"];

    private async Task ServeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        if (Status == StatusCodes.Status200OK)
        {
            byte[] message = body.ToArray();
            _received.Enqueue((context.Request.Path, context.Request.Headers["x-token"], IsGrpc ? message[5..] : message));
        }
        else
        {
            _refusals.AddOrUpdate(context.Request.Path, 1, static (_, count) => count + 1);
        }

        _arrived.Release();

        if (IsGrpc)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", Status == StatusCodes.Status200OK ? "0" : "14");
        }
        else
        {
            context.Response.StatusCode = Status;
        }
    }
}
