using System.Globalization;

namespace Ambient.Bench.Workloads;

/// <summary>What a ztunnel's metrics say of its garbage collector, since it started.</summary>
/// <param name="Collections">Collections of any extent.</param>
/// <param name="FullCollections">Collections of the whole heap.</param>
/// <param name="LastFullPauseSeconds">The latest of them; 0 before the first.</param>
/// <param name="LongestPauseSeconds">The longest of any kind within the last 10 to 20 seconds.</param>
/// <param name="PauseSeconds">All pauses together.</param>
internal sealed record CollectorReading(double Collections, double FullCollections, double LastFullPauseSeconds, double LongestPauseSeconds, double PauseSeconds)
{
    /// <exception cref="InvalidOperationException">The text is not that of a ztunnel.</exception>
    public static CollectorReading Parse(string metrics)
    {
        string[] lines = metrics.Split('\n');
        double? Value(string sample) => lines.FirstOrDefault(line => line.StartsWith(sample + " ", StringComparison.Ordinal)) is { } line
            ? double.Parse(line[(sample.Length + 1)..], CultureInfo.InvariantCulture)
            : null;
        return Value("ambient_gc_collections_total{generation=\"0\"}") is double all && Value("ambient_gc_collections_total{generation=\"2\"}") is double full
            && Value("ambient_gc_pause_seconds_total") is double pauses && Value("ambient_gc_longest_pause_seconds") is double longest
            ? new CollectorReading(all, full, Value("ambient_gc_last_full_pause_seconds") ?? 0, longest, pauses)
            : throw new InvalidOperationException("the metrics say nothing of the garbage collector");
    }
}
