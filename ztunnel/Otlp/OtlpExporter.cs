using System.Buffers;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Otlp;

/// <summary>
/// Brings spans and metrics to the collector, on the thread pool. Spans go every second; while the collector takes none, one batch is held and
/// tried again, the queue behind it fills, and what does not fit is lost and counted. Metrics are cumulative: a failed export needs no repeating.
/// </summary>
internal sealed class OtlpExporter : IMetricSource, IAsyncDisposable
{
    /// <summary>Spans of one request.</summary>
    public const int BatchSize = 512;

    private const string Hint = "see that OTEL_EXPORTER_OTLP_ENDPOINT names a collector that speaks OTEL_EXPORTER_OTLP_PROTOCOL, and takes OTEL_EXPORTER_OTLP_HEADERS";

    private static readonly TimeSpan SpanInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly OtlpOptions _options;
    private readonly ConnectionTracing _tracing;
    private readonly MetricsRegistry _metrics;
    private readonly OtlpSender _sender;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SpanEncoder _spanEncoder;
    private readonly MetricEncoder _metricEncoder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ConnectionSpan> _batch = new(BatchSize);
    private readonly ProtobufWriter _spanWriter = new();
    private readonly ProtobufWriter _metricWriter = new();
    private readonly ExportHealth _spans = new(OtlpSignal.Spans);
    private readonly ExportHealth _scrapes = new(OtlpSignal.Metrics);
    private long _exported;
    private Task _running = Task.CompletedTask;

    private OtlpExporter(
        OtlpOptions options, OtlpResource resource, ConnectionTracing tracing, MetricsRegistry metrics, ILogger logger, TimeProvider time)
    {
        _options = options;
        _tracing = tracing;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _sender = new OtlpSender(options);
        _spanEncoder = new SpanEncoder(resource);
        _metricEncoder = new MetricEncoder(resource, time.GetUtcNow());
    }

    /// <summary>Starts the spans that are exported here.</summary>
    public ConnectionTracing Tracing => _tracing;

    /// <summary>Null, and nothing loaded, unless a collector is named.</summary>
    public static OtlpExporter? For(ZtunnelOptions options, MetricsRegistry metrics, LoggerProvider loggers, TimeProvider time)
    {
        if (options.Telemetry.Otlp is not { } otlp)
        {
            return null;
        }

        OtlpResource resource = new(
            [
                new("service.name", otlp.ServiceName),
                new("k8s.node.name", options.Proxy.NodeName),
                new("k8s.cluster.name", options.Proxy.ClusterId),
                new("k8s.pod.name", options.Proxy.Self?.Name),
                new("k8s.namespace.name", options.Proxy.Self?.Namespace),
            ],
            VersionInfo.Of(typeof(OtlpExporter).Assembly, options.Telemetry.IstioVersion).Version);
        OtlpExporter exporter = new(
            otlp, resource, new ConnectionTracing(otlp.Sampler, time), metrics, loggers.CreateLogger(LogTargets.Telemetry), time);
        metrics.Add(exporter);
        return exporter;
    }

    public void Start() => _running = Task.WhenAll(
        Task.Run(() => RepeatAsync(SpanInterval, ExportSpansAsync)), Task.Run(() => RepeatAsync(_options.MetricInterval, ExportMetricsAsync)));

    public void WriteTo(MetricsWriter writer)
    {
        writer.Sample(MetricCatalogue.SpansExported, "", Volatile.Read(ref _exported));
        _tracing.WriteTo(writer);
        _spans.WriteTo(writer);
        _scrapes.WriteTo(writer);
    }

    /// <summary>Exports what there is once more, for two seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        using (CancellationTokenSource limit = new(LastWords))
        {
            await LastAsync(limit.Token);
        }

        _sender.Dispose();
        _stopping.Dispose();
    }

    private async Task LastAsync(CancellationToken cancellation)
    {
        try
        {
            await ExportSpansAsync(cancellation);
            await ExportMetricsAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            OtlpLog.Failed(_logger, "the last", _options.Endpoint, $"not taken within {LastWords.TotalSeconds} s", Hint);
        }
        catch (Exception error)
        {
            OtlpLog.Bug(_logger, error);
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> export)
    {
        try
        {
            using PeriodicTimer timer = new(interval, _time);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await TryAsync(export);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <summary>One export that fails by an error of ours is not the end of those that follow.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> export)
    {
        try
        {
            await export(_stopping.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            OtlpLog.Bug(_logger, error);
        }
    }

    private async Task ExportSpansAsync(CancellationToken cancellation)
    {
        while (true)
        {
            while (_batch.Count < BatchSize && _tracing.TryTake(out ConnectionSpan? span))
            {
                _batch.Add(span);
            }

            if (_batch.Count == 0)
            {
                return;
            }

            _spanWriter.Clear();
            _spanEncoder.Encode(_batch, _spanWriter);
            OtlpAnswer answer = await _sender.SendAsync(OtlpSignal.Spans, _spanWriter.Written, cancellation);
            _spans.Report(answer, _logger, _options.Endpoint, Hint);
            if (answer.IsWorthRetrying)
            {
                return;
            }

            if (answer.IsTaken)
            {
                Interlocked.Add(ref _exported, _batch.Count);
            }
            else
            {
                _tracing.CountDropped(_batch.Count);
            }

            _batch.Clear();
        }
    }

    private Task ExportMetricsAsync(CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> text = new(16 * 1024);
        _metrics.WriteTo(text);
        return _metricEncoder.EncodeAsync(ScrapeReader.Read(text.WrittenSpan), _time.GetUtcNow(), _metricWriter, async message =>
            _scrapes.Report(await _sender.SendAsync(OtlpSignal.Metrics, message, cancellation), _logger, _options.Endpoint, Hint));
    }
}
