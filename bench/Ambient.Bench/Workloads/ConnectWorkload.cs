using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Workloads;

/// <summary>
/// W4: new application connections over a warm pair; W5: the same where each needs a new tunnel. For the pairs that do not share tunnels the two
/// are the same thing. In W5 each slot connects from its own address: a pool that opens one tunnel at a time for a pod would otherwise be measured
/// for that.
/// </summary>
internal sealed class ConnectWorkload(LoadClient load, string id, int connections, bool tunnelPerConnection) : IWorkload
{
    public WorkloadSpec Spec { get; } = new(
        id, $"{(tunnelPerConnection ? "W5 new tunnels" : "W4 connects")}, {connections} at once", FigureName.ConnectionsPerSecond, "conn/s", true,
        "connection");

    public bool NeedsTunnelPerConnection => tunnelPerConnection;

    public bool KeepsCpusAwake => false;

    public async Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration)
    {
        LoadResult result = await load.ExecuteAsync(new LoadCommand(
            LoadCommandKind.Connect, $"{pair.Entry(RigService.Echo)}", connections, (int)duration.TotalMilliseconds,
            Sources: tunnelPerConnection ? connections : 0));
        return new VisitResult(result.Count, MessageWorkload.Latencies(result, FigureName.ConnectionsPerSecond), result.Errors, result.Message);
    }
}
