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

    public void Complete() => Write("# EOF\n");

    private void Begin(MetricDefinition family, string labels)
    {
        if (_family != family.Name)
        {
            _family = family.Name;
            string kind = family.Kind == MetricKind.Counter ? "counter" : "gauge";
            Write($"# HELP {family.Name} {family.Help}.\n# TYPE {family.Name} {kind}\n");
        }

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
