using System.Buffers;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The sources of one scrape, in order.</summary>
internal sealed class MetricsRegistry
{
    private IMetricSource[] _sources = [];

    /// <summary>Called while the program is put together, before the first scrape.</summary>
    public void Add(IMetricSource source) => _sources = [.. _sources, source];

    public void WriteTo(IBufferWriter<byte> output)
    {
        var writer = new MetricsWriter(output);
        foreach (IMetricSource source in _sources)
        {
            source.WriteTo(writer);
        }

        writer.Complete();
    }
}
