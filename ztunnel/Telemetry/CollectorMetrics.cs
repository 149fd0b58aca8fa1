using System.Globalization;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>How often the garbage collector worked, and how long every thread stood still for it.</summary>
internal sealed class CollectorMetrics : IMetricSource
{
    private readonly LongestPause _longest;

    public CollectorMetrics(TimeProvider time)
    {
        _longest = new LongestPause(time);
        _longest.Watch();
    }

    public void WriteTo(MetricsWriter writer)
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            writer.Sample(MetricCatalogue.Collections, string.Create(CultureInfo.InvariantCulture, $"generation=\"{generation}\""), GC.CollectionCount(generation));
        }

        writer.Sample(MetricCatalogue.CollectionPauses, "", GC.GetTotalPauseDuration().TotalSeconds);
        writer.Sample(MetricCatalogue.LongestCollectionPause, "", _longest.Read().TotalSeconds);
        if (LastFull() is { } full)
        {
            writer.Sample(MetricCatalogue.LastFullCollectionPause, "", full.TotalSeconds);
        }
    }

    /// <summary>A collection beside the traffic stops it twice; the longer one counts. Null before the first.</summary>
    private static TimeSpan? LastFull()
    {
        GCMemoryInfo blocking = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        GCMemoryInfo background = GC.GetGCMemoryInfo(GCKind.Background);
        GCMemoryInfo last = blocking.Index > background.Index ? blocking : background;
        ReadOnlySpan<TimeSpan> pauses = last.PauseDurations;
        return last.Index == 0 ? null : pauses.Length > 1 && pauses[1] > pauses[0] ? pauses[1] : pauses[0];
    }
}
