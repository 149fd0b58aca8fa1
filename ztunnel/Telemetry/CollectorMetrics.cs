using System.Globalization;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>How often the garbage collector worked, and how long every thread stood still for it.</summary>
internal sealed class CollectorMetrics : IMetricSource
{
    public void WriteTo(MetricsWriter writer)
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            writer.Sample(MetricCatalogue.Collections, string.Create(CultureInfo.InvariantCulture, $"generation=\"{generation}\""), GC.CollectionCount(generation));
        }

        writer.Sample(MetricCatalogue.CollectionPauses, "", GC.GetTotalPauseDuration().TotalSeconds);
        GCMemoryInfo full = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        if (full.Index > 0)
        {
            writer.Sample(MetricCatalogue.LastFullCollectionPause, "", full.PauseDurations[0].TotalSeconds);
        }
    }
}
