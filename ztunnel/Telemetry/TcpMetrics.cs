using System.Collections.Concurrent;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The five connection metrics of node-proxy 9.2. A label set's series is looked up once per connection.</summary>
internal sealed class TcpMetrics : IMetricSource
{
    private readonly ConcurrentDictionary<TcpLabels, TcpSeries> _known = new();

    /// <summary>Label sets that differ only in how a value is missing (null, empty, the word itself) print one series.</summary>
    private readonly ConcurrentDictionary<string, TcpSeries> _printed = new(StringComparer.Ordinal);

    public TcpSeries SeriesOf(TcpLabels labels)
    {
        if (_known.TryGetValue(labels, out TcpSeries? known))
        {
            return known;
        }

        TcpSeries series = _printed.GetOrAdd(labels.Format(), static text => new TcpSeries(text));
        return _known.GetOrAdd(labels, series);
    }

    public void WriteTo(MetricsWriter writer)
    {
        (TcpSeries Series, TcpSample Sample)[] samples =
        [
            .. _printed.Values.OrderBy(series => series.Labels, StringComparer.Ordinal).Select(series => (series, series.Sample())),
        ];
        Write(writer, MetricCatalogue.ConnectionsOpened, samples, sample => sample.Opened, isPrinted: sample => sample.Opened > 0);
        Write(writer, MetricCatalogue.ConnectionsClosed, samples, sample => sample.Closed, isPrinted: sample => sample.Closed > 0);
        Write(writer, MetricCatalogue.ReceivedBytes, samples, sample => sample.ReceivedBytes, isPrinted: sample => sample.Opened > 0);
        Write(writer, MetricCatalogue.SentBytes, samples, sample => sample.SentBytes, isPrinted: sample => sample.Opened > 0);
        Write(writer, MetricCatalogue.ConnectionsFailed, samples, sample => sample.Failed, isPrinted: sample => sample.Failed > 0);
    }

    private static void Write(
        MetricsWriter writer,
        MetricDefinition definition,
        (TcpSeries Series, TcpSample Sample)[] samples,
        Func<TcpSample, long> value,
        Func<TcpSample, bool> isPrinted)
    {
        foreach ((TcpSeries series, TcpSample sample) in samples)
        {
            if (isPrinted(sample))
            {
                writer.Sample(definition, series.Labels, value(sample));
            }
        }
    }
}
