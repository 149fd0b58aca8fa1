using System.Diagnostics;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;

namespace Ambient.Bench.Blocks;

/// <summary>Runs the blocks of one workload until enough are accepted.</summary>
internal sealed class BlockRunner(BenchRig rig, BenchOptions options, BlockRules rules, RunBudget budget, Action<string> tell)
{
    private static readonly TimeSpan RestBetweenVisits = TimeSpan.FromMilliseconds(100);
    private readonly Random _random = new(options.Seed);

    /// <summary>Every block that was run. Rejected ones are run again, at most as many as were wanted.</summary>
    public async Task<IReadOnlyList<BlockRecord>> RunAsync(IWorkload workload, TlsSuite suite, IReadOnlyList<ISystemPair> pairs)
    {
        List<BlockRecord> blocks = [];
        await using KeepAwake? awake = workload.KeepsCpusAwake && options.KeepsCpusAwake ? KeepAwake.Start(rig) : null;
        int wanted = options.BlocksOf(workload.Spec.Id);
        for (int attempt = 0; attempt < 2 * wanted && blocks.Count(block => block.IsAccepted) < wanted; attempt++)
        {
            bool isPlanned = attempt < wanted;
            if (!isPlanned && !budget.HasRoomForAnother)
            {
                break;
            }

            long began = Stopwatch.GetTimestamp();
            BlockRecord block = await RunBlockAsync(workload, suite, pairs);
            budget.Count(Stopwatch.GetElapsedTime(began), isPlanned);
            blocks.Add(block);
            tell($"{workload.Spec.Id} {suite.Id} block {blocks.Count}: {Describe(block, workload.Spec)}");
        }

        return blocks;
    }

    private async Task<BlockRecord> RunBlockAsync(IWorkload workload, TlsSuite suite, IReadOnlyList<ISystemPair> pairs)
    {
        IReadOnlyList<string> order = BlockOrder.Draw([.. pairs.Select(pair => pair.Name)], SystemName.Direct, _random);
        HostSnapshot before = HostSnapshot.Take();
        double ownBefore = rig.OwnCpuSeconds();
        List<VisitRecord> visits = [];
        foreach (string name in order)
        {
            visits.Add(await VisitAsync(workload, pairs.First(pair => pair.Name == name)));
            await Task.Delay(RestBetweenVisits);
        }

        BlockConditions conditions = Conditions(workload.Spec, visits, HostSnapshot.Take().All - before.All, rig.OwnCpuSeconds() - ownBefore);
        string? rejection = options.KeepsRejected && conditions.Errors == 0 ? null : rules.Judge(conditions);
        return new BlockRecord(workload.Spec.Id, suite.Id, visits, conditions, rejection);
    }

    private async Task<VisitRecord> VisitAsync(IWorkload workload, ISystemPair pair)
    {
        rig.EnsureAlive();
        long began = Stopwatch.GetTimestamp();
        double ownBefore = rig.OwnCpuSeconds();
        double clientBefore = pair.ClientSide?.CpuSeconds() ?? 0;
        double serverBefore = pair.ServerSide?.CpuSeconds() ?? 0;
        VisitResult result = await workload.VisitAsync(pair, TimeSpan.FromSeconds(options.SecondsPerVisit));
        double client = (pair.ClientSide?.CpuSeconds() ?? 0) - clientBefore;
        double server = (pair.ServerSide?.CpuSeconds() ?? 0) - serverBefore;
        double others = rig.OwnCpuSeconds() - ownBefore - client - server;
        double wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (pair.ClientSide is not null && result.Work > 0)
        {
            result.Figures[FigureName.CpuClient] = client / result.Work;
            result.Figures[FigureName.CpuServer] = server / result.Work;
            result.Figures[FigureName.Cpu] = (client + server) / result.Work;
        }

        // With the loops that keep CPUs awake, everything is busy all the time.
        if (!(workload.KeepsCpusAwake && options.KeepsCpusAwake))
        {
            result.Figures[FigureName.GeneratorCpus] = others / wall;
            result.Figures[FigureName.ProxyCpus] = (client + server) / wall;
        }

        return new VisitRecord(pair.Name, result.Figures, result.Errors, result.Message);
    }

    private static BlockConditions Conditions(WorkloadSpec spec, List<VisitRecord> visits, CpuTimes slice, double ownSeconds)
    {
        double[] direct = [.. visits.Where(visit => visit.System == SystemName.Direct).Select(visit => visit.Figures.GetValueOrDefault(spec.Figure, double.NaN))];
        double total = Math.Max(slice.Total, 1e-9);
        VisitRecord? failed = visits.Find(visit => visit.Errors > 0);
        return new BlockConditions(
            slice.Steal / total,
            Math.Max(0, slice.Busy - ownSeconds) / total,
            direct.Length > 0 ? direct[0] : double.NaN,
            direct.Length > 0 ? direct[^1] : double.NaN,
            visits.Sum(visit => visit.Errors),
            failed is null ? "" : $"{failed.System}: {failed.Message}");
    }

    private static string Describe(BlockRecord block, WorkloadSpec spec)
    {
        string figures = string.Join("  ", block.Visits.DistinctBy(visit => visit.System)
            .Select(visit => $"{visit.System} {block.Figure(visit.System, spec.Figure) ?? double.NaN:G4}"));
        return block.IsAccepted ? figures : $"REJECTED, {block.RejectedBecause} | {figures}";
    }
}
