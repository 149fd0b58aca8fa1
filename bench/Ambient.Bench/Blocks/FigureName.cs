namespace Ambient.Bench.Blocks;

/// <summary>Names of the figures, as they stand in the JSON.</summary>
internal static class FigureName
{
    public const string GigabitsPerSecond = "gbps";
    public const string RequestsPerSecond = "requests_per_s";
    public const string ConnectionsPerSecond = "connections_per_s";
    public const string MessagesPerSecond = "messages_per_s";
    public const string P50 = "p50_us";
    public const string P90 = "p90_us";
    public const string P99 = "p99_us";
    public const string P999 = "p999_us";

    /// <summary>Slowest flow divided by the mean of the flows.</summary>
    public const string Fairness = "fairness";

    /// <summary>p99 beside a slow reader divided by p99 without it.</summary>
    public const string SlowReaderEffect = "p99_beside_slow_reader_ratio";

    /// <summary>Messages that took longer than 100 ms.</summary>
    public const string Stalls = "stalls";

    /// <summary>Memory that the slow readers made both sides hold.</summary>
    public const string HeldBytes = "held_bytes";

    /// <summary>Descriptors still open after a hundred aborted transfers.</summary>
    public const string LeakedDescriptors = "leaked_descriptors";

    /// <summary>CPU seconds of the client-side proxy per unit of work.</summary>
    public const string CpuClient = "cpu_client";

    /// <summary>CPU seconds of the server-side proxy per unit of work.</summary>
    public const string CpuServer = "cpu_server";

    /// <summary>CPU seconds of both proxies per unit of work.</summary>
    public const string Cpu = "cpu";

    /// <summary>CPUs that generator and sinks used: near 1 when pinned, they are the limit and not the proxies.</summary>
    public const string GeneratorCpus = "generator_cpus";

    /// <summary>CPUs that both proxies used together.</summary>
    public const string ProxyCpus = "proxy_cpus";

    public const string LoadSeconds = "load_s";
    public const string LoadCpuSeconds = "load_cpu_s";
    public const string LoadedResident = "loaded_rss_mb";
    public const string LoadedProportional = "loaded_pss_mb";
    public const string PeakResident = "peak_rss_mb";
    public const string UpdatesPerSecond = "updates_per_s";
    public const string ChurnP99 = "p99_during_churn_us";

    /// <summary>p99 during churn divided by p99 without it, the median of the pairs, and its interval.</summary>
    public const string ChurnEffect = "p99_during_churn_ratio";
    public const string ChurnEffectLow = "p99_during_churn_ratio_low";
    public const string ChurnEffectHigh = "p99_during_churn_ratio_high";
    public const string ChurnPairs = "churn_pairs";

    /// <summary>Requests a second during churn divided by those without it.</summary>
    public const string ChurnRateEffect = "requests_during_churn_ratio";

    /// <summary>Collections of any extent while the churn was measured.</summary>
    public const string Collections = "collections";

    /// <summary>Collections of the whole heap while the churn was measured.</summary>
    public const string FullCollections = "full_collections";
    public const string LongestFullPause = "longest_full_pause_ms";

    /// <summary>Of a collection of any kind.</summary>
    public const string LongestPause = "longest_pause_ms";

    /// <summary>All pauses for the collector while the churn was measured.</summary>
    public const string CollectorPauses = "collector_pauses_ms";

    /// <summary>Finding a service by its virtual address among those of W9.</summary>
    public const string LookupNanoseconds = "vip_lookup_ns";

    public const string ChurnCpus = "churn_cpus";
    public const string IdleBytesClient = "idle_bytes_per_connection_client";
    public const string IdleBytesServer = "idle_bytes_per_connection_server";

    /// <summary>The larger of the two sides: what the table's limit is held against.</summary>
    public const string IdleBytesWorseSide = "idle_bytes_per_connection";
    public const string IdleResidentBytesClient = "idle_rss_bytes_per_connection_client";
    public const string IdleResidentBytesServer = "idle_rss_bytes_per_connection_server";
    public const string IdleConnections = "idle_connections";
    public const string ReleasedShare = "pss_after_close_over_before";
    public const string StartResidentClient = "rss_at_start_client_mb";
    public const string StartResidentServer = "rss_at_start_server_mb";
    public const string StartResidentWorseSide = "rss_at_start_mb";
    public const string StartProportionalClient = "pss_at_start_client_mb";
    public const string StartProportionalServer = "pss_at_start_server_mb";
}
