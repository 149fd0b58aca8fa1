using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Workloads;

/// <summary>
/// W4: new application connections over a warm pair; W5: the same where each needs a new tunnel. For the pairs that do not share tunnels the two
/// are the same thing.
/// </summary>
internal sealed class ConnectWorkload(LoadClient load, string id, int connections, bool tunnelPerConnection) : IWorkload
{
    public WorkloadSpec Spec { get; } = new(
        id, $"{(tunnelPerConnection ? "W5 new tunnels" : "W4 new connections")}, {connections} at once", FigureName.ConnectionsPerSecond, "conn/s", true,
        "connection");

    public bool NeedsTunnelPerConnection => tunnelPerConnection;

    public bool KeepsCpusAwake => false;

    public async Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration)
    {
        LoadResult result = await load.ExecuteAsync(new LoadCommand(
            LoadCommandKind.Connect, $"{pair.Entry(RigService.Echo)}", connections, (int)duration.TotalMilliseconds));
        return new VisitResult(result.Count, MessageWorkload.Latencies(result, FigureName.ConnectionsPerSecond), result.Errors, result.Message);
    }
}
