using System.Text.Json;
using System.Text.Json.Serialization;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Lab.Benchmarking;

/// <summary>The figures alone, in the shape of the benchmark's own file: {"workload": {"system": {"figure": value}}}.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, Dictionary<string, double>>>))]
public sealed partial class PodBenchJson : JsonSerializerContext
{
    /// <summary>Beside the two systems stand the ratio and the ends of its interval, as systems of their own. What is no number is left out.</summary>
    public static string Write(PodBenchReport report)
    {
        var workloads = new Dictionary<string, Dictionary<string, Dictionary<string, double>>>(StringComparer.Ordinal);
        foreach (BenchFigure figure in BenchFigure.All)
        {
            RatioEstimate ratio = report.Ratio(figure);
            (string System, double Value)[] cells =
            [
                ("enrolled", report.Median(figure, enrolled: true)),
                ("not-enrolled", report.Median(figure, enrolled: false)),
                ("ratio", ratio.Median),
                ("ratio-low", ratio.Low),
                ("ratio-high", ratio.High),
            ];
            foreach ((string system, double value) in cells.Where(cell => double.IsFinite(cell.Value)))
            {
                Entry(Entry(workloads, figure.Workload), system)[figure.Key] = value;
            }
        }

        return JsonSerializer.Serialize(workloads, Default.DictionaryStringDictionaryStringDictionaryStringDouble);
    }

    private static Dictionary<string, T> Entry<T>(Dictionary<string, Dictionary<string, T>> of, string key)
    {
        if (!of.TryGetValue(key, out Dictionary<string, T>? entry))
        {
            entry = new Dictionary<string, T>(StringComparer.Ordinal);
            of[key] = entry;
        }

        return entry;
    }
}
