namespace Ambient.Ztunnel.Telemetry;

/// <summary>One sample read from a function when scraped.</summary>
internal sealed class ValueMetric(MetricDefinition definition, string labels, Func<long> read) : IMetricSource
{
    public void WriteTo(MetricsWriter writer) => writer.Sample(definition, labels, read());
}
