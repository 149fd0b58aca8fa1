using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;

namespace Ambient.Bench.Report;

/// <summary>Floors and aims, and their comparison with a run. The median decides; the interval is printed beside it.</summary>
internal static class TargetTable
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("W1 1 flow, ours / haproxy mTLS", "w1-1", FigureName.GigabitsPerSecond, SystemName.HaproxyTls, 2.2, 3.0, true),
        new("W1 8 flows, ours / haproxy mTLS", "w1-8", FigureName.GigabitsPerSecond, SystemName.HaproxyTls, 1.6, 2.0, true),
        new("W1 1 flow, ours / haproxy plain relay", "w1-1", FigureName.GigabitsPerSecond, SystemName.HaproxyPlain, 0.9, 1.1, true),
        new("HTTP 32 connections req/s, ours / haproxy mTLS", "w3-http-32", FigureName.RequestsPerSecond, SystemName.HaproxyTls, 1.6, 2.0, true),
        new("HTTP 1 connection p50, ours / haproxy mTLS", "w2-http-1", FigureName.P50, SystemName.HaproxyTls, 1.0, 0.8, false),
        new("W4 connections/s, ours / haproxy mTLS", "w4-32", FigureName.ConnectionsPerSecond, SystemName.HaproxyTls, 3, 5, true),
        new("W7 bytes per idle connection, one side", IdleStudy.Id, FigureName.IdleBytesWorseSide, null, 8192, 4096, false, "B"),
        new("RSS of ztunnel at start", IdleStudy.Id, FigureName.StartResidentWorseSide, null, 60, 40, false, "MB"),
        new("W9 load of 200,000 workloads", ControlStudy.Id, FigureName.LoadSeconds, null, 5, 2, false, "s"),
        new("W9 RSS with 200,000 workloads", ControlStudy.Id, FigureName.LoadedResident, null, 512, 256, false, "MB"),
        new("W9 p99 with 1,000 updates/s over p99 without", ControlStudy.Id, FigureName.ChurnEffect, null, 1.10, 1.05, false),
        new("W9 longest pause of a full collection", ControlStudy.Id, FigureName.LongestFullPause, null, 100, 10, false, "ms"),
        new("W9 service found by address", ControlStudy.Id, FigureName.LookupNanoseconds, null, 100, 50, false, "ns"),
    ];

    public static IReadOnlyList<TargetResult> Judge(SuiteReport suite) =>
        [.. All.Select(target => Judge(target, suite, suite.Workloads.FirstOrDefault(workload => workload.Spec.Id == target.Workload)))];

    private static TargetResult Judge(Target target, SuiteReport suite, WorkloadReport? workload)
    {
        if (workload is not null && target.Reference is null
            && workload.Medians.TryGetValue(SystemName.Ours, out IReadOnlyDictionary<string, double>? figures)
            && figures.TryGetValue(target.Figure, out double value))
        {
            return new TargetResult(target, suite.Suite, value, value, value, Compare(target, value));
        }

        return target.Reference is not null && workload?.Ratio(target.Figure, SystemName.Ours, target.Reference) is RatioRow row
            ? new TargetResult(target, suite.Suite, row.Estimate.Median, row.Estimate.Low, row.Estimate.High, Compare(target, row.Estimate.Median))
            : new TargetResult(target, suite.Suite, double.NaN, double.NaN, double.NaN, TargetVerdict.NotMeasured);
    }

    private static TargetVerdict Compare(Target target, double value)
    {
        bool Reaches(double limit) => target.HigherIsBetter ? value >= limit : value <= limit;
        return Reaches(target.Aim) ? TargetVerdict.AimMet : Reaches(target.Floor) ? TargetVerdict.FloorMet : TargetVerdict.Missed;
    }
}
