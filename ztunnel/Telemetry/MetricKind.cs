namespace Ambient.Ztunnel.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
