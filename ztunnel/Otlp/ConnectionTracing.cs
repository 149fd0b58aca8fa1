using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Otlp;

/// <summary>
/// Starts the spans of connections and keeps the ended ones until they are exported. Called from the event loops: it takes no lock, and what
/// does not fit is lost and counted.
/// </summary>
internal sealed class ConnectionTracing(TraceSampler sampler, TimeProvider time) : IMetricSource
{
    /// <summary>Ended spans that wait; about 1 KB each, their connection's description included.</summary>
    public const int MaxWaiting = 8192;

    private const byte SampledFlag = 1;

    private readonly ConcurrentQueue<ConnectionSpan> _ended = new();
    private int _waiting;
    private long _dropped;

    /// <summary>Spans that were lost, here or on the way to the collector.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Null when the connection is not sampled.</summary>
    /// <param name="parent">What the peer sent with its CONNECT request; null when it sent nothing that is valid, or there is no peer.</param>
    public ConnectionSpan? Start(TraceParent? parent)
    {
        TraceParent random = TraceParent.CreateRandom(Random.Shared);
        UInt128 trace = parent?.TraceId ?? random.TraceId;
        return sampler.Takes(trace, parent)
            ? new ConnectionSpan(this, new TraceParent(trace, random.SpanId, SampledFlag), parent?.SpanId ?? 0, time.GetUtcNow())
            : null;
    }

    public void Add(ConnectionSpan span)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            CountDropped(1);
            return;
        }

        _ended.Enqueue(span);
    }

    public bool TryTake([NotNullWhen(true)] out ConnectionSpan? span)
    {
        if (!_ended.TryDequeue(out span))
        {
            return false;
        }

        Interlocked.Decrement(ref _waiting);
        return true;
    }

    public void CountDropped(int spans) => Interlocked.Add(ref _dropped, spans);

    public void WriteTo(MetricsWriter writer) => writer.Sample(MetricCatalogue.SpansDropped, "", Dropped);
}
