namespace Ambient.Ztunnel.Telemetry;

/// <summary>File descriptors, as the kernel counts them. Left out where <c>/proc</c> cannot be read.</summary>
internal sealed class ProcessMetrics : IMetricSource
{
    private const string LimitLine = "Max open files";

    public void WriteTo(MetricsWriter writer)
    {
        try
        {
            writer.Sample(MetricCatalogue.OpenFileDescriptors, "", Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount());
            if (ReadLimit(File.ReadLines("/proc/self/limits")) is { } limit)
            {
                writer.Sample(MetricCatalogue.MaxFileDescriptors, "", limit);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without /proc there is nothing to count; the other metrics must not go with it.
            return;
        }
    }

    /// <summary>The soft limit; null when unlimited.</summary>
    internal static long? ReadLimit(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (line.StartsWith(LimitLine, StringComparison.Ordinal))
            {
                string[] columns = line[LimitLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return columns.Length > 0 && long.TryParse(columns[0], out long limit) ? limit : null;
            }
        }

        return null;
    }
}
