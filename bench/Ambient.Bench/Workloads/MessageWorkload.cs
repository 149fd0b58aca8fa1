using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Workloads;

/// <summary>W2: messages there and back on connections that stay open, without HTTP around them.</summary>
internal sealed class MessageWorkload(LoadClient load, string id, int connections, int bytes) : IWorkload
{
    public WorkloadSpec Spec { get; } = connections == 1
        ? new WorkloadSpec(id, $"W2 echo of {bytes} B, 1 connection, p50", FigureName.P50, "µs", false, "1,000 messages")
        : new WorkloadSpec(id, $"W2 echo of {bytes} B, {connections} connections", FigureName.MessagesPerSecond, "msg/s", true, "1,000 messages");

    public bool NeedsTunnelPerConnection => false;

    public bool KeepsCpusAwake => connections == 1;

    public async Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration)
    {
        LoadResult result = await load.ExecuteAsync(new LoadCommand(
            LoadCommandKind.PingPong, $"{pair.Entry(RigService.Echo)}", connections, (int)duration.TotalMilliseconds, bytes));
        return new VisitResult(result.Count / 1000.0, Latencies(result, FigureName.MessagesPerSecond), result.Errors, result.Message);
    }

    /// <summary>The rate under the given name, and the latencies.</summary>
    internal static Dictionary<string, double> Latencies(LoadResult result, string rate) => new()
    {
        [rate] = result.Count / Math.Max(result.Seconds, 1e-9),
        [FigureName.P50] = result.P50Microseconds,
        [FigureName.P90] = result.P90Microseconds,
        [FigureName.P99] = result.P99Microseconds,
        [FigureName.P999] = result.P999Microseconds,
    };
}
