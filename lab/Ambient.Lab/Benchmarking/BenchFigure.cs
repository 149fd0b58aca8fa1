namespace Ambient.Lab.Benchmarking;

/// <summary>One row of the report.</summary>
/// <param name="Workload">Key of the workload in the JSON.</param>
/// <param name="Key">Key of the figure in the JSON.</param>
/// <param name="Title">As the table shows it.</param>
/// <param name="Of">The value in one half of a block.</param>
public sealed record BenchFigure(string Workload, string Key, string Title, Func<BenchHalf, double> Of)
{
    public static IReadOnlyList<BenchFigure> All { get; } =
    [
        new("http", "requests_per_s", "requests/s", half => half.Requests.Load.PerSecond),
        new("http", "p50_us", "  p50, µs", half => half.Requests.Load.P50Microseconds),
        new("http", "p99_us", "  p99, µs", half => half.Requests.Load.P99Microseconds),
        new("http", "cpu_s_per_1000", "  ztunnels, CPU s per 1,000", half => half.Requests.CpuPerThousand),
        new("connect", "connections_per_s", "new connections/s", half => half.Connections.Load.PerSecond),
        new("connect", "p50_us", "  p50, µs", half => half.Connections.Load.P50Microseconds),
        new("connect", "p99_us", "  p99, µs", half => half.Connections.Load.P99Microseconds),
        new("connect", "cpu_s_per_1000", "  ztunnels, CPU s per 1,000", half => half.Connections.CpuPerThousand),
    ];
}
