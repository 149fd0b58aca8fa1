namespace Ambient.Ztunnel.Otlp;

/// <summary>
/// Writes <c>ExportMetricsServiceRequest</c> messages (opentelemetry-proto 1.x, metrics/v1/metrics.proto): counters as cumulative monotonic
/// sums, gauges and histograms as they are, under the name of the family. A scrape becomes as many requests as it takes to keep each small.
/// </summary>
internal sealed class MetricEncoder(OtlpResource resource, DateTimeOffset processStart)
{
    /// <summary>Aim for the size of a request; collectors refuse gRPC messages above 4 MB.</summary>
    public const int RequestBytes = 1 << 20;

    private const int MetricField = 2;
    private const int Cumulative = 2;

    /// <summary>Calls <paramref name="send"/> with each request; the writer is cleared between them.</summary>
    public async Task EncodeAsync(
        IReadOnlyList<ScrapedFamily> families, DateTimeOffset now, ProtobufWriter writer, Func<ReadOnlyMemory<byte>, Task> send)
    {
        int family = 0;
        int sample = 0;
        while (family < families.Count)
        {
            writer.Clear();
            (int Outer, int Scoped) opened = resource.Open(writer);
            while (family < families.Count && writer.Length < RequestBytes)
            {
                sample = WriteMetric(families[family], sample, now, writer);
                if (sample == families[family].Samples.Count)
                {
                    family++;
                    sample = 0;
                }
            }

            OtlpResource.Close(writer, opened);
            await send(writer.Written);
        }
    }

    /// <summary>Writes samples from the given one on until the request is full; returns the first that is left.</summary>
    private int WriteMetric(ScrapedFamily family, int sample, DateTimeOffset now, ProtobufWriter writer)
    {
        int metric = writer.Begin(MetricField);
        writer.Text(1, family.Name);
        writer.Text(2, family.Help);
        int data = writer.Begin(family.Kind switch { "gauge" => 5, "counter" => 7, _ => 9 });
        if (family.Kind != "gauge")
        {
            writer.Number(2, Cumulative);
        }

        if (family.Kind == "counter")
        {
            writer.Number(3, 1);
        }

        while (sample < family.Samples.Count && writer.Length < RequestBytes)
        {
            sample = family.Kind == "histogram" ? WriteHistogram(family, sample, now, writer) : WriteNumber(family, sample, now, writer);
        }

        writer.End(data);
        writer.End(metric);
        return sample;
    }

    private int WriteNumber(ScrapedFamily family, int sample, DateTimeOffset now, ProtobufWriter writer)
    {
        int point = writer.Begin(1);
        WriteTimes(now, writer);
        writer.Fixed(4, family.Samples[sample].Value);
        WriteLabels(family.Samples[sample], new OtlpAttributes(writer, 7));
        writer.End(point);
        return sample + 1;
    }

    /// <summary>A sum, a count, and buckets that count all below their bound: OTLP wants each bucket alone, and no bound for the last.</summary>
    private int WriteHistogram(ScrapedFamily family, int sample, DateTimeOffset now, ProtobufWriter writer)
    {
        int firstBucket = sample + 2;
        int end = firstBucket;
        while (end < family.Samples.Count && family.Samples[end].Suffix == "_bucket")
        {
            end++;
        }

        int point = writer.Begin(1);
        WriteTimes(now, writer);
        writer.Fixed(4, (ulong)family.Samples[sample + 1].Value);
        writer.Fixed(5, family.Samples[sample].Value);
        int counts = writer.Begin(6);
        double below = 0;
        for (int index = firstBucket; index < end; index++)
        {
            writer.PackedFixed((ulong)(family.Samples[index].Value - below));
            below = family.Samples[index].Value;
        }

        writer.End(counts);
        int bounds = writer.Begin(7);
        for (int index = firstBucket; index < end - 1; index++)
        {
            writer.PackedFixed(BitConverter.DoubleToUInt64Bits(double.Parse(
                family.Samples[index].Labels[^1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        }

        writer.End(bounds);
        WriteLabels(family.Samples[sample], new OtlpAttributes(writer, 9));
        writer.End(point);
        return end;
    }

    private void WriteTimes(DateTimeOffset now, ProtobufWriter writer)
    {
        writer.Fixed(2, OtlpTime.Nanoseconds(processStart));
        writer.Fixed(3, OtlpTime.Nanoseconds(now));
    }

    private static void WriteLabels(ScrapedSample sample, OtlpAttributes attributes)
    {
        foreach ((string name, string value) in sample.Labels)
        {
            attributes.Text(name, value);
        }
    }
}
