using System.Globalization;

namespace Ambient.Lab.Observation;

/// <summary>Samples of a metrics page in OpenMetrics text.</summary>
internal sealed class MetricsPage(string text)
{
    /// <summary>Sum of a family's samples whose labels include all those wanted.</summary>
    public long Sum(string family, params IReadOnlyList<(string Label, string Value)> wanted)
    {
        double sum = 0;
        foreach (string line in text.Split('\n').Where(line => line.StartsWith(family + "{", StringComparison.Ordinal)))
        {
            int end = line.LastIndexOf('}');
            if (end > 0 && wanted.All(label => HasLabel(line, label.Label, label.Value))
                && double.TryParse(line[(end + 1)..].Trim().Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                sum += value;
            }
        }

        return (long)sum;
    }

    private static bool HasLabel(string line, string label, string value) =>
        line.Contains($"{{{label}=\"{value}\"", StringComparison.Ordinal) || line.Contains($",{label}=\"{value}\"", StringComparison.Ordinal);
}
