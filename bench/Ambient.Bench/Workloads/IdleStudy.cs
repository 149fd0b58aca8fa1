using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;
using Ambient.LoadGenerator;

namespace Ambient.Bench.Workloads;

/// <summary>
/// W7: what an idle application connection costs, on pairs that are started for it and have carried nothing else: a heap that an earlier load has
/// grown would swallow the answer. Also what the proxies weigh before the first connection.
/// </summary>
internal sealed class IdleStudy(BenchRig rig, LoadClient load)
{
    public const string Id = "w7-idle";
    /// <summary>As many as a program needs to have collected what its start left behind; else the idle connections would be credited with it.</summary>
    private const int WarmUpConnections = 1000;
    private static readonly TimeSpan StartSettleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(3);

    public static WorkloadSpec Spec { get; } = new(Id, "W7 idle connection, worse side", FigureName.IdleBytesWorseSide, "bytes", false, "connection");

    /// <param name="pair">A pair that is not running.</param>
    /// <param name="connections">How many to hold; fewer where the pair needs two descriptors for each and may not have that many.</param>
    /// <param name="waitUntilReady">Waits for the started pair.</param>
    public async Task<VisitRecord> VisitAsync(ISystemPair pair, int connections, Func<ISystemPair, Task> waitUntilReady)
    {
        int wanted = pair.SharesTunnels ? connections : Math.Min(connections, (DescriptorLimit.Hard - 600) / 2);
        await pair.StartAsync(rig);
        try
        {
            await Task.Delay(StartSettleTime);
            (ProcessMemory client, ProcessMemory server) = Memory(pair);
            Dictionary<string, double> figures = Start(client, server);
            await waitUntilReady(pair);
            return await HoldAsync(pair, wanted, figures);
        }
        finally
        {
            await pair.StopAsync(rig);
        }
    }

    private async Task<VisitRecord> HoldAsync(ISystemPair pair, int connections, Dictionary<string, double> figures)
    {
        string target = $"{pair.Entry(RigService.Echo)}";
        await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Hold, target, WarmUpConnections));
        await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Release));
        await Task.Delay(SettleTime);
        (ProcessMemory clientBefore, ProcessMemory serverBefore) = Memory(pair);
        LoadResult opened = await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Hold, target, connections));
        await Task.Delay(SettleTime);
        (ProcessMemory clientHolding, ProcessMemory serverHolding) = Memory(pair);
        await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Release));
        await Task.Delay(ReleaseTime);
        (ProcessMemory clientAfter, ProcessMemory serverAfter) = Memory(pair);
        double client = (double)(clientHolding.ProportionalBytes - clientBefore.ProportionalBytes) / connections;
        double server = (double)(serverHolding.ProportionalBytes - serverBefore.ProportionalBytes) / connections;
        figures[FigureName.IdleConnections] = connections;
        figures[FigureName.IdleBytesClient] = client;
        figures[FigureName.IdleBytesServer] = server;
        figures[FigureName.IdleBytesWorseSide] = Math.Max(client, server);
        figures[FigureName.IdleResidentBytesClient] = (double)(clientHolding.ResidentBytes - clientBefore.ResidentBytes) / connections;
        figures[FigureName.IdleResidentBytesServer] = (double)(serverHolding.ResidentBytes - serverBefore.ResidentBytes) / connections;
        figures[FigureName.ReleasedShare] = (double)(clientAfter.ProportionalBytes + serverAfter.ProportionalBytes)
            / (clientBefore.ProportionalBytes + serverBefore.ProportionalBytes);
        return new VisitRecord(pair.Name, figures, opened.Errors, opened.Message);
    }

    private static Dictionary<string, double> Start(ProcessMemory client, ProcessMemory server) => new()
    {
        [FigureName.StartResidentClient] = client.ResidentBytes / 1e6,
        [FigureName.StartResidentServer] = server.ResidentBytes / 1e6,
        [FigureName.StartResidentWorseSide] = Math.Max(client.ResidentBytes, server.ResidentBytes) / 1e6,
        [FigureName.StartProportionalClient] = client.ProportionalBytes / 1e6,
        [FigureName.StartProportionalServer] = server.ProportionalBytes / 1e6,
    };

    private static (ProcessMemory Client, ProcessMemory Server) Memory(ISystemPair pair) => (pair.ClientSide!.Memory(), pair.ServerSide!.Memory());
}
