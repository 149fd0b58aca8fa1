using System.Collections.Concurrent;

namespace Ambient.ControlPlane.Telemetry;

/// <summary>Counts, in as many series as there are labels. Labels come from a closed set: nothing that a caller chooses.</summary>
public sealed class CounterFamily(string name, string help) : IMetricFamily
{
    private readonly ConcurrentDictionary<string, StrongCount> _series = new(StringComparer.Ordinal);

    public void Add(string labels) => Interlocked.Increment(ref _series.GetOrAdd(labels, static _ => new StrongCount()).Value);

    public void Write(PrometheusText text)
    {
        text.Family(name, "counter", help);
        foreach ((string labels, StrongCount count) in _series.OrderBy(series => series.Key, StringComparer.Ordinal))
        {
            text.Sample(name, labels, Interlocked.Read(ref count.Value));
        }
    }

    private sealed class StrongCount
    {
        public long Value;
    }
}
