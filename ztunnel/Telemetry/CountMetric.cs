namespace Ambient.Ztunnel.Telemetry;

/// <summary>A counter or gauge without labels, changed by whoever owns it.</summary>
internal sealed class CountMetric(MetricDefinition definition) : IMetricSource
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long amount) => Interlocked.Add(ref _value, amount);

    public void WriteTo(MetricsWriter writer) => writer.Sample(definition, "", Value);
}
