using System.Globalization;

namespace Ambient.Ztunnel.Configuration;

/// <param name="Threads">Event loops, at least one.</param>
internal sealed record WorkerOptions(int Threads)
{
    private const int MaxThreads = 1024;
    private const int MaxPercent = 1000;
    private const string Remedy = "use a number up to 1024, a percentage of the CPUs such as 50%, or 0 for all CPUs";

    public static WorkerOptions Read(SettingReader reader, ProxyConfigFile proxyConfig, int processorCount)
    {
        const string quantity = "use a CPU quantity such as 2 or 1500m";
        CpuQuantity? count = reader.Parsed<CpuQuantity>(SettingNames.CpuCount, CpuQuantity.TryParse, quantity);
        CpuQuantity? limit = reader.Parsed<CpuQuantity>(SettingNames.CpuLimit, CpuQuantity.TryParse, quantity);
        CpuQuantity? request = reader.Parsed<CpuQuantity>(SettingNames.CpuRequest, CpuQuantity.TryParse, quantity);
        int processors = Math.Max(count?.Cores ?? processorCount, 1);
        int threads = DefaultThreads(processors, limit, request);
        if (reader.Source.Find(SettingNames.WorkerThreads) is { } value)
        {
            if (!TryParse(value.Text, processors, out threads))
            {
                reader.Refuse(SettingNames.WorkerThreads, Remedy);
            }
        }
        else if (proxyConfig.Concurrency is { } concurrency)
        {
            threads = concurrency == 0 ? processors : concurrency;
        }

        return new WorkerOptions(Math.Clamp(threads, 1, MaxThreads));
    }

    /// <summary>A number, or a percentage of the processors rounded up; 0 means all of them.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, int processors, out int threads)
    {
        bool isPercentage = text.EndsWith("%");
        ReadOnlySpan<char> number = isPercentage ? text[..^1] : text;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out threads)
            || threads > (isPercentage ? MaxPercent : MaxThreads))
        {
            threads = 1;
            return false;
        }

        if (isPercentage)
        {
            threads = Math.Max((int)(((long)processors * threads + 99) / 100), 1);
        }
        else if (threads == 0)
        {
            threads = processors;
        }

        return true;
    }

    /// <summary>Without an explicit limit a quarter of the node is enough: the rest belongs to its pods.</summary>
    private static int DefaultThreads(int processors, CpuQuantity? limit, CpuQuantity? request)
    {
        int requested = request?.Cores ?? 0;
        return limit is { } explicitLimit
            ? Math.Max(explicitLimit.Cores, requested)
            : Math.Max(Math.Max((processors + 3) / 4, requested), 2);
    }
}
