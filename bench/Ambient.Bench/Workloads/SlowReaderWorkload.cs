using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Workloads;

/// <summary>
/// W8: 32 live echo streams, their p99 with and without one neighbour that never reads, then a hundred transfers that the client breaks off.
/// </summary>
internal sealed class SlowReaderWorkload(LoadClient load, string id) : IWorkload
{
    private const int LiveStreams = 32;
    private const int MessageBytes = 1024;
    private const int Aborts = 100;
    private static readonly TimeSpan FillTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);

    public WorkloadSpec Spec { get; } = new(id, "W8 p99 beside a slow reader", FigureName.P99, "µs", false, "1,000 messages");

    public bool NeedsTunnelPerConnection => false;

    public bool KeepsCpusAwake => false;

    public async Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration)
    {
        int half = (int)(duration.TotalMilliseconds / 2);
        long descriptorsBefore = Sum(pair, side => (long)side.Descriptors());
        LoadResult alone = await LiveAsync(pair, half);
        long memoryBefore = Sum(pair, side => side.Memory().ProportionalBytes);
        LoadResult stalled = await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Stall, $"{pair.Entry(RigService.Source)}"));
        await Task.Delay(FillTime);
        LoadResult beside = await LiveAsync(pair, half);
        long held = Sum(pair, side => side.Memory().ProportionalBytes) - memoryBefore;
        await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Release));
        LoadResult aborted = await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Abort, $"{pair.Entry(RigService.Source)}", Aborts));
        long leaked = await LeakedAsync(pair, descriptorsBefore);
        LoadResult? failed = ((LoadResult[])[alone, stalled, beside, aborted]).FirstOrDefault(result => result.Errors > 0);
        Dictionary<string, double> figures = MessageWorkload.Latencies(beside, FigureName.MessagesPerSecond);
        figures[FigureName.SlowReaderEffect] = beside.P99Microseconds / Math.Max(alone.P99Microseconds, 1e-9);
        figures[FigureName.Stalls] = beside.Stalls;
        figures[FigureName.HeldBytes] = Math.Max(0, held);
        figures[FigureName.LeakedDescriptors] = leaked;
        return new VisitResult((alone.Count + beside.Count) / 1000.0, figures, failed?.Errors ?? 0, failed?.Message ?? "");
    }

    private Task<LoadResult> LiveAsync(ISystemPair pair, int milliseconds) => load.ExecuteAsync(
        new LoadCommand(LoadCommandKind.PingPong, $"{pair.Entry(RigService.Echo)}", LiveStreams, milliseconds, MessageBytes));

    /// <summary>Descriptors above the count before, once the closes have had a second to arrive; a tunnel that stays in the pool is not a leak.</summary>
    private static async Task<long> LeakedAsync(ISystemPair pair, long before)
    {
        const int Tunnels = 4;
        long leaked = long.MaxValue;
        for (TimeSpan waited = TimeSpan.Zero; waited < CloseTime && leaked > 0; waited += FillTime)
        {
            leaked = Math.Max(0, Sum(pair, side => (long)side.Descriptors()) - before - Tunnels);
            if (leaked > 0)
            {
                await Task.Delay(FillTime);
            }
        }

        return leaked;
    }

    private static long Sum(ISystemPair pair, Func<RigProcess, long> read) =>
        ((RigProcess?[])[pair.ClientSide, pair.ServerSide]).OfType<RigProcess>().Sum(read);
}
