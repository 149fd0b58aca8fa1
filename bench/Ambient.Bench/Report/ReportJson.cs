using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Bench.Report;

/// <summary>The two JSON shapes: the whole run, and the figures alone.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, Dictionary<string, double>>>))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static string Write(RunReport report) => JsonSerializer.Serialize(report, Default.RunReport);

    /// <summary>{"workload": {"system": {"figure": value}}}; workloads of a second suite carry its name behind an @. Figures that are not numbers are left out.</summary>
    public static string WriteFigures(RunReport report)
    {
        Dictionary<string, Dictionary<string, Dictionary<string, double>>> figures = new(StringComparer.Ordinal);
        foreach (WorkloadReport workload in report.Suites.SelectMany(suite => suite.Workloads))
        {
            string key = workload.Suite == report.Suites[0].Suite ? workload.Spec.Id : $"{workload.Spec.Id}@{workload.Suite}";
            figures[key] = workload.Medians.ToDictionary(
                system => system.Key,
                system => system.Value.Where(figure => double.IsFinite(figure.Value)).ToDictionary(figure => figure.Key, figure => figure.Value));
        }

        return JsonSerializer.Serialize(figures, Default.DictionaryStringDictionaryStringDictionaryStringDouble);
    }
}
