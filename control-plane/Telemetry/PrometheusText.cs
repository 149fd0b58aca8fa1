using System.Globalization;
using System.Text;

namespace Ambient.ControlPlane.Telemetry;

/// <summary>The text format that Prometheus reads, version 0.0.4.</summary>
public sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">One sentence, of one line.</param>
    public void Family(string name, string kind, string help) => _text.Append(
        CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");

    /// <param name="name">The family's name, with its suffix where it has one.</param>
    /// <param name="labels">As <see cref="Labels"/> makes them.</param>
    /// <param name="value">The value.</param>
    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(CultureInfo.InvariantCulture, $" {value:R}\n");
    }

    /// <summary>Labels as they stand between the braces; values may hold anything.</summary>
    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        StringBuilder text = new();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }

        return text.ToString();
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
