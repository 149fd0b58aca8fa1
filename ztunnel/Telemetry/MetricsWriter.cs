using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>OpenMetrics text. A family's head is written before its first sample, so an empty family leaves no trace.</summary>
internal sealed class MetricsWriter(IBufferWriter<byte> output)
{
    private string? _family;

    public void Sample(MetricDefinition family, string labels, long value)
    {
        Begin(family, labels);
        Write(value.ToString(CultureInfo.InvariantCulture));
        Write("\n");
    }

    public void Sample(MetricDefinition family, string labels, double value)
    {
        Begin(family, labels);
        Write(value.ToString("R", CultureInfo.InvariantCulture));
        Write("\n");
    }

    /// <param name="bounds">Upper bounds in rising order; the last bucket, without bound, is not among them.</param>
    /// <param name="counts">Of each bucket alone, one more than there are bounds.</param>
    /// <param name="sum">Of all values.</param>
    public void Histogram(MetricDefinition family, string labels, ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double sum)
    {
        BeginFamily(family);
        Line($"{family.Name}_sum{{{labels}}}", sum.ToString("R", CultureInfo.InvariantCulture));
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        Line($"{family.Name}_count{{{labels}}}", total.ToString(CultureInfo.InvariantCulture));
        long below = 0;
        for (int index = 0; index < counts.Length; index++)
        {
            below += counts[index];
            string bound = index < bounds.Length ? bounds[index].ToString("0.0###", CultureInfo.InvariantCulture) : "+Inf";
            Line($"{family.Name}_bucket{{{labels},le=\"{bound}\"}}", below.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Complete() => Write("# EOF\n");

    private void BeginFamily(MetricDefinition family)
    {
        if (_family != family.Name)
        {
            _family = family.Name;
            string kind = family.Kind switch
            {
                MetricKind.Counter => "counter",
                MetricKind.Histogram => "histogram",
                _ => "gauge",
            };
            Write($"# HELP {family.Name} {family.Help}.\n# TYPE {family.Name} {kind}\n");
        }
    }

    private void Line(string sample, string value) => Write($"{sample} {value}\n");

    private void Begin(MetricDefinition family, string labels)
    {
        BeginFamily(family);
        Write(family.Name);
        Write(family.Kind == MetricKind.Counter ? "_total" : "");
        if (labels.Length > 0)
        {
            Write("{");
            Write(labels);
            Write("}");
        }

        Write(" ");
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
