namespace Ambient.Ztunnel.Telemetry;

/// <summary>Writes its families when scraped: all samples of a family together, as OpenMetrics demands.</summary>
internal interface IMetricSource
{
    void WriteTo(MetricsWriter writer);
}
