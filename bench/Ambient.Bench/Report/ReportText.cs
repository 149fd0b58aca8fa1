using System.Globalization;
using System.Text;
using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;
using Ambient.Lab.Benchmarking;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Report;

/// <summary>The report that a person reads.</summary>
internal static class ReportText
{
    public static string Write(RunReport report)
    {
        StringBuilder text = new();
        text.Append("Ambient benchmark\n");
        foreach ((string name, string value) in report.Facts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name,-22} {value}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  {"blocks",-22} {report.BlocksWanted} wanted per workload, {report.SecondsPerVisit} s per visit, order random, direct first and last\n");
        AppendStanding(text, report);
        foreach (SuiteReport suite in report.Suites)
        {
            AppendSuite(text, suite, report.Control.IsVoid);
        }

        AppendTargets(text, report);
        return text.ToString();
    }

    private static void AppendStanding(StringBuilder text, RunReport report)
    {
        text.Append('\n');
        if (report.IsNoise)
        {
            text.Append("NOISE: blocks that the rejection rules refuse were kept. These figures show that the harness runs, and nothing else.\n");
        }

        text.Append(report.Control switch
        {
            { VoidBecause: string reason } => $"VOID: {reason}. No ratio of this run is printed.\n",
            { Estimate: RatioEstimate estimate } => $"A/A control: ours again / ours = {Narrow(estimate)} over {estimate.Blocks} blocks of all workloads\n",
            _ => "No A/A control: ours and ours-again were not both run, so nothing bounds what the harness itself adds to a ratio.\n",
        });
        foreach (WorkloadReport workload in report.Suites.SelectMany(suite => suite.Workloads).Where(workload => workload.Control.IsVoid))
        {
            text.Append(CultureInfo.InvariantCulture, $"VOID {workload.Spec.Id} {workload.Suite} after {workload.Attempts} attempts: {workload.Control.VoidBecause}\n");
        }
    }

    private static void AppendSuite(StringBuilder text, SuiteReport suite, bool isRunVoid)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{suite.SuiteName}\n");
        text.Append(string.Concat(suite.Footing.Select(record =>
            $"  {record.System}: {record.Handshakes} handshakes seen on the link, TLS 1.3, X25519, {record.Suite}, none resumed; without a certificate: {record.Refusal}\n")));
        text.Append(string.Concat(suite.WarmUps.Select(record =>
            $"  {record.System}: warmed by {record.Rounds} rounds of every load{(record.IsSettled ? "" : ", NOT SETTLED")}\n")));
        text.Append("\n  Medians\n").Append(Medians(suite));
        text.Append("\n  CPU seconds of both sides (client side + server side) per unit of work\n").Append(CpuTable(suite));
        if (!isRunVoid)
        {
            text.Append("\n  Ratios within a block: median [95 % interval]\n").Append(RatioTable(suite));
        }

        AppendNotes(text, suite);
    }

    private static TextTable Medians(SuiteReport suite)
    {
        string[] systems = Systems(suite);
        TextTable table = new([.. systems.Select(SystemName.Title).Prepend("workload"), "unit", "blocks"]);
        foreach (WorkloadReport workload in suite.Workloads)
        {
            foreach ((string figure, string unit) in Shown(workload.Spec))
            {
                string title = figure == workload.Spec.Figure ? workload.Spec.Title : $"  {figure}";
                table.Add([title, .. systems.Select(name => Cell(workload, name, figure)), unit, $"{workload.Accepted}"]);
            }
        }

        return table;
    }

    private static TextTable CpuTable(SuiteReport suite)
    {
        string[] systems = [.. Systems(suite).Where(name => name != SystemName.Direct)];
        TextTable table = new([.. systems.Select(SystemName.Title).Prepend("workload"), "per"]);
        foreach (WorkloadReport workload in suite.Workloads.Where(workload => workload.Medians.Values.Any(figures => figures.ContainsKey(FigureName.Cpu))))
        {
            table.Add(
            [
                workload.Spec.Title,
                .. systems.Select(name => Figure(workload, name, FigureName.Cpu) is double cpu
                    ? $"{Scaled(cpu, workload)} ({Scaled(Figure(workload, name, FigureName.CpuClient), workload)} + {Scaled(Figure(workload, name, FigureName.CpuServer), workload)})"
                    : FigureFormat.Absent),
                workload.Spec.WorkUnit == "GB" ? "GB (s)" : $"{workload.Spec.WorkUnit} (ms)",
            ]);
        }

        return table;
    }

    private static TextTable RatioTable(SuiteReport suite)
    {
        TextTable table = new("workload", "figure", "ours / haproxy mTLS", "ours / haproxy plain", "ours / nginx mTLS", "ours / direct", "A/A", "sign test p (haproxy mTLS)");
        foreach (WorkloadReport workload in suite.Workloads.Where(workload => workload.Ratios.Count > 0))
        {
            foreach (string figure in workload.Ratios.Select(row => row.Figure).Distinct())
            {
                string Against(string reference) =>
                    workload.Ratio(figure, SystemName.Ours, reference) is RatioRow row ? FigureFormat.Ratio(row.Estimate) : FigureFormat.Absent;
                table.Add(
                    workload.Spec.Title, figure, Against(SystemName.HaproxyTls), Against(SystemName.HaproxyPlain), Against(SystemName.NginxTls),
                    Against(SystemName.Direct), Against(SystemName.OursAgain),
                    workload.Ratio(figure, SystemName.Ours, SystemName.HaproxyTls) is RatioRow main ? FigureFormat.Value(main.Estimate.SignTestP) : FigureFormat.Absent);
            }
        }

        return table;
    }

    private static void AppendNotes(StringBuilder text, SuiteReport suite)
    {
        foreach (WorkloadReport workload in suite.Workloads)
        {
            foreach (IGrouping<string, string> reason in workload.Rejections.GroupBy(reason => reason.Split(':')[0]))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {workload.Spec.Id}: {reason.Count()} blocks rejected for {reason.Key}, e.g. {reason.First()}\n");
            }

            if (Figure(workload, SystemName.Ours, FigureName.GeneratorCpus) is double load && Figure(workload, SystemName.Ours, FigureName.ProxyCpus) is double proxies
                && load > 0.9 && load > proxies)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {workload.Spec.Id}: with ours the generator used {load:F2} CPUs and the proxies {proxies:F2}: the rate is a lower bound, the CPU row decides\n");
            }
        }
    }

    private static void AppendTargets(StringBuilder text, RunReport report)
    {
        TextTable table = new("target", "suite", "measured", "floor", "aim", "verdict");
        foreach (TargetResult result in report.Targets)
        {
            table.Add(
                result.Target.Title,
                result.Suite,
                result.Target.Reference is null ? $"{FigureFormat.Value(result.Value)} {result.Target.Unit}" : FigureFormat.Ratio(result.Value, result.Low, result.High),
                FigureFormat.Value(result.Target.Floor),
                FigureFormat.Value(result.Target.Aim),
                result.Verdict switch
                {
                    TargetVerdict.AimMet => "aim met",
                    TargetVerdict.FloorMet => "floor met",
                    TargetVerdict.Missed => "MISSED",
                    _ => "not measured",
                });
        }

        text.Append("\nFloors and aims").Append(report.IsNoise ? " (noise: no claim)\n" : "\n").Append(table);
    }

    /// <summary>The figures of a workload that the table of medians shows.</summary>
    private static IEnumerable<(string Figure, string Unit)> Shown(WorkloadSpec spec)
    {
        yield return (spec.Figure, spec.Unit);
        string[] further = spec.Id switch
        {
            "w2-http-1" or "w2-echo-1" => [FigureName.P99],
            "w1-8" or "w1r-8" => [FigureName.Fairness],
            "w8-slow-reader" => [FigureName.SlowReaderEffect, FigureName.Stalls, FigureName.HeldBytes, FigureName.LeakedDescriptors],
            IdleStudy.Id =>
            [
                FigureName.IdleBytesClient, FigureName.IdleBytesServer, FigureName.IdleConnections, FigureName.ReleasedShare,
                FigureName.StartResidentClient, FigureName.StartResidentServer, FigureName.StartProportionalClient, FigureName.StartProportionalServer,
            ],
            ControlStudy.Id =>
            [
                FigureName.LoadCpuSeconds, FigureName.LoadedResident, FigureName.LoadedProportional, FigureName.PeakResident, FigureName.P99,
                FigureName.ChurnP99, FigureName.ChurnEffect, FigureName.ChurnEffectLow, FigureName.ChurnEffectHigh, FigureName.ChurnPairs,
                FigureName.ChurnRateEffect, FigureName.UpdatesPerSecond, FigureName.ChurnCpus, FigureName.Collections, FigureName.FullCollections,
                FigureName.LongestPause, FigureName.LongestFullPause, FigureName.CollectorPauses, FigureName.LookupNanoseconds,
            ],
            _ when spec.Unit is "Gb/s" => [],
            _ => [FigureName.P50, FigureName.P99],
        };
        foreach (string figure in further)
        {
            yield return (figure, "");
        }
    }

    private static string[] Systems(SuiteReport suite) =>
        [.. SystemName.Known.Where(name => suite.Workloads.Any(workload => workload.Medians.ContainsKey(name)))];

    private static double? Figure(WorkloadReport workload, string system, string figure) =>
        workload.Medians.TryGetValue(system, out IReadOnlyDictionary<string, double>? figures) && figures.TryGetValue(figure, out double value) ? value : null;

    private static string Cell(WorkloadReport workload, string system, string figure) =>
        Figure(workload, system, figure) is double value ? FigureFormat.Value(value) : FigureFormat.Absent;

    /// <summary>Seconds per gigabyte, else milliseconds.</summary>
    private static string Scaled(double? seconds, WorkloadReport workload) =>
        seconds is double value ? FigureFormat.Value(workload.Spec.WorkUnit == "GB" ? value : value * 1000) : FigureFormat.Absent;

    private static string Narrow(RatioEstimate estimate) =>
        string.Create(CultureInfo.InvariantCulture, $"{estimate.Median:F3} [{estimate.Low:F3}, {estimate.High:F3}]");
}
