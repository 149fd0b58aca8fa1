using System.Globalization;
using Ambient.Bench.Blocks;
using Ambient.Bench.Certificates;
using Ambient.Bench.Footing;
using Ambient.Bench.Options;
using Ambient.Bench.Report;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;
using Ambient.LoadGenerator;

namespace Ambient.Bench;

/// <summary>One run: the rig, then for each suite the pairs, the footing check, the warm-up and the workloads; then the report.</summary>
internal sealed class BenchApp(BenchOptions options, string repositoryRoot, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(20);
    private static readonly BlockRules Rules = new();
    private readonly RunBudget _budget = new(options.TimeBudget, time);

    /// <exception cref="UnequalFootingException">What was to be compared is not comparable.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancellation)
    {
        if (options.Systems.Any(SystemName.IsOurs))
        {
            BuildCheck.EnsureRelease(Path.GetDirectoryName(options.Ztunnel)!);
        }

        BuildCheck.EnsureRelease(AppContext.BaseDirectory);
        await using BenchRig rig = await BenchRig.CreateAsync(options.Placement);
        string loadProgram = Path.Combine(AppContext.BaseDirectory, "ambient-load");
        BenchCertificates certificates = BenchCertificates.Create(Path.Combine(rig.Folder, "certificates"), time);
        SinkSet.Start(rig, loadProgram);
        LoadClient load = LoadClient.Start(rig, loadProgram);
        MeshPlane plane = await MeshPlane.StartAsync(rig, certificates);
        SortedDictionary<string, string> facts = await HostFacts.CollectAsync(rig, options, repositoryRoot, time);
        _budget.Plan(options.Suites.Count * options.Workloads.Where(id => id != IdleStudy.Id).Sum(options.BlocksOf));
        List<SuiteReport> suites = [];
        foreach (TlsSuite suite in options.Suites)
        {
            suites.Add(await RunSuiteAsync(rig, load, new SystemCatalog(options, suite, certificates, plane), suite, cancellation));
        }

        facts["telemetry received"] = await plane.DescribeTelemetryAsync();
        ControlVerdict control = SameSystemControl.JudgeRun(suites.SelectMany(suite => suite.Workloads).Select(WorkloadSummary.ControlRatios));
        if (control.IsVoid)
        {
            suites = [.. suites.Select(suite => suite with { Workloads = [.. suite.Workloads.Select(WorkloadSummary.Voided)] })];
        }

        return new RunReport(
            facts, options.Quick, options.KeepsRejected, options.Blocks, options.SecondsPerVisit, control, suites, [.. suites.SelectMany(TargetTable.Judge)]);
    }

    private async Task<SuiteReport> RunSuiteAsync(BenchRig rig, LoadClient load, SystemCatalog catalog, TlsSuite suite, CancellationToken cancellation)
    {
        Task WaitUntilReady(ISystemPair pair) => WaitUntilReadyAsync(rig, load, pair);
        List<WorkloadReport> workloads = [];
        if (options.Workloads.Contains(IdleStudy.Id))
        {
            workloads.Add(await StudyIdleAsync(rig, load, catalog, suite, WaitUntilReady));
        }

        if (options.Workloads.Contains(ControlStudy.Id))
        {
            workloads.Add(await StudyControlAsync(rig, catalog, suite, WaitUntilReady));
        }

        IWorkload[] loads = [.. options.Workloads.Select(id => WorkloadCatalog.Create(id, rig, load)).OfType<IWorkload>()];
        IReadOnlyList<ISystemPair> pairs = catalog.Pairs(tunnelPerConnection: false);
        IReadOnlyList<ISystemPair> tunnelPairs = loads.Any(workload => workload.NeedsTunnelPerConnection) ? catalog.Pairs(tunnelPerConnection: true) : [];
        ISystemPair[] all = [.. pairs.Concat(tunnelPairs).Distinct()];
        foreach (ISystemPair pair in all)
        {
            await pair.StartAsync(rig);
        }

        IReadOnlyList<FootingRecord> footing = await new FootingCheck(rig, load).RunAsync(all, suite, WaitUntilReady);
        IReadOnlyList<WarmUpRecord> warmUps = loads.Length == 0 ? [] : await WarmAsync(rig, load, pairs, tunnelPairs);
        BlockRunner runner = new(rig, options, Rules, _budget, Tell);
        foreach (IWorkload workload in loads)
        {
            cancellation.ThrowIfCancellationRequested();
            workloads.Add(await RunWorkloadAsync(runner, workload, suite, workload.NeedsTunnelPerConnection ? tunnelPairs : pairs));
        }

        foreach (ISystemPair pair in all)
        {
            await pair.StopAsync(rig);
        }

        return new SuiteReport(
            suite.Id, suite.Name, footing, warmUps, [.. workloads.OrderBy(workload => WorkloadCatalog.Ids.ToList().IndexOf(workload.Spec.Id))]);
    }

    /// <summary>A workload whose control fails is measured once more from the start; a second failure stands.</summary>
    private async Task<WorkloadReport> RunWorkloadAsync(BlockRunner runner, IWorkload workload, TlsSuite suite, IReadOnlyList<ISystemPair> pairs)
    {
        WorkloadReport report = WorkloadSummary.Of(workload.Spec, suite.Id, await runner.RunAsync(workload, suite, pairs), attempts: 1);
        if (!report.Control.IsVoid || !_budget.HasRoomForAnother)
        {
            return report;
        }

        Tell($"{workload.Spec.Id} {suite.Id} is void ({report.Control.VoidBecause}); measuring it once more");
        return WorkloadSummary.Of(workload.Spec, suite.Id, await runner.RunAsync(workload, suite, pairs), attempts: 2);
    }

    private async Task<WorkloadReport> StudyIdleAsync(
        BenchRig rig, LoadClient load, SystemCatalog catalog, TlsSuite suite, Func<ISystemPair, Task> waitUntilReady)
    {
        IdleStudy study = new(rig, load);
        List<VisitRecord> visits = [];
        foreach (ISystemPair pair in catalog.FreshProxies())
        {
            VisitRecord visit = await study.VisitAsync(pair, options.IdleConnections, waitUntilReady);
            visits.Add(visit);
            Tell(string.Create(
                CultureInfo.InvariantCulture, $"{IdleStudy.Id} {suite.Id} {visit.System}: {visit.Figures[FigureName.IdleBytesWorseSide]:F0} bytes each, {visit.Errors} errors"));
        }

        BlockConditions conditions = new(0, 0, double.NaN, double.NaN, visits.Sum(visit => visit.Errors), visits.Find(visit => visit.Errors > 0)?.Message ?? "");
        BlockRecord block = new(IdleStudy.Id, suite.Id, visits, conditions, Rules.Judge(conditions));
        return WorkloadSummary.Of(IdleStudy.Spec, suite.Id, [block], attempts: 1);
    }

    private async Task<WorkloadReport> StudyControlAsync(
        BenchRig rig, SystemCatalog catalog, TlsSuite suite, Func<ISystemPair, Task> waitUntilReady)
    {
        VisitRecord visit = await new ControlStudy(rig, Rules, Tell).VisitAsync(catalog, waitUntilReady);
        tell(string.Create(
            CultureInfo.InvariantCulture,
            $"{ControlStudy.Id} {suite.Id}: {string.Join(", ", visit.Figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value:F2}")))}"));
        BlockConditions conditions = new(0, 0, double.NaN, double.NaN, visit.Errors, visit.Message);
        BlockRecord block = new(ControlStudy.Id, suite.Id, [visit], conditions, Rules.Judge(conditions));
        return WorkloadSummary.Of(ControlStudy.Spec, suite.Id, [block], attempts: 1);
    }

    /// <summary>Every pair with every kind of load that it will carry: the pairs of W5 carry connections only.</summary>
    private async Task<IReadOnlyList<WarmUpRecord>> WarmAsync(
        BenchRig rig, LoadClient load, IReadOnlyList<ISystemPair> pairs, IReadOnlyList<ISystemPair> tunnelPairs)
    {
        IWorkload connect = new ConnectWorkload(load, "warm-up", connections: 16, tunnelPerConnection: false);
        IWorkload[] kinds =
        [
            new BulkWorkload(rig, "warm-up", flows: 2, reverse: false),
            new HttpWorkload(rig, "warm-up", connections: 16),
            connect,
        ];
        WarmUpRule rule = options.Quick ? new WarmUpRule(2, 2, 0.10) : new WarmUpRule(5, 10, 0.02);
        WarmUp warmUp = new(rule, Tell);
        List<WarmUpRecord> records = [];
        foreach (ISystemPair pair in pairs.Where(pair => pair.ClientSide is not null))
        {
            records.Add(await warmUp.RunAsync(pair, kinds));
        }

        foreach (ISystemPair pair in tunnelPairs.Except(pairs))
        {
            records.Add(await warmUp.RunAsync(pair, [connect]));
        }

        return records;
    }

    /// <summary>Until one byte has come back through the pair.</summary>
    private async Task WaitUntilReadyAsync(BenchRig rig, LoadClient load, ISystemPair pair)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            rig.EnsureAlive();
            LoadResult result = await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Hold, $"{pair.Entry(RigService.Echo)}"));
            await load.ExecuteAsync(new LoadCommand(LoadCommandKind.Release));
            if (result.Errors == 0)
            {
                return;
            }

            if (time.GetElapsedTime(began) > ReadyPatience)
            {
                throw new InvalidOperationException($"{pair.Name} did not become ready: {result.Message}\n{pair.ClientSide?.LogTail()}\n{pair.ServerSide?.LogTail()}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Progress: minutes since the start, what happened, and what is still to come.</summary>
    private void Tell(string text)
    {
        string toCome = _budget.BlocksToCome > 0 ? $"  ({_budget.BlocksToCome} blocks to come)" : "";
        tell($"{(int)_budget.Elapsed.TotalMinutes}:{_budget.Elapsed.Seconds:D2} {text}{toCome}");
    }
}
