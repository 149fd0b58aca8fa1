using System.Globalization;
using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.Bench.Workloads;

/// <summary>
/// What updates of the mesh do to traffic: slices of HTTP load without and with them, in pairs whose order alternates, so that a drift of the
/// machine falls on both. A pair that the rejection rules refuse is measured again.
/// </summary>
internal sealed class ChurnStudy(BenchRig rig, MeshedAmbientPair pair, MeshPlane plane, BlockRules rules, Action<string> tell)
{
    private const int UpdatesPerSecond = 1000;
    private const int Connections = 32;
    private const int Pairs = 10;
    private const int MostAttempts = 2 * Pairs;
    private const int WarmUpPairs = 1;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(4);

    private readonly HttpWorkload _http = new(rig, ControlStudy.Id, Connections);
    private readonly List<ChurnPair> _pairs = [];

    /// <summary>Adds its figures; returns the count of failed requests.</summary>
    public async Task<long> MeasureAsync(Dictionary<string, double> figures)
    {
        for (int round = 0; round < WarmUpPairs; round++)
        {
            await MeasurePairAsync(quietFirst: true);
        }

        CollectorReading first = await ReadCollectorAsync();
        CollectorReading last = first;
        double longest = 0;
        double longestFull = 0;
        for (int attempt = 0; attempt < MostAttempts && _pairs.Count < Pairs; attempt++)
        {
            ChurnPair measured = await MeasurePairAsync(quietFirst: attempt % 2 == 0);
            string? rejection = rules.Judge(measured.Conditions);
            CollectorReading now = await ReadCollectorAsync();
            tell(string.Create(
                CultureInfo.InvariantCulture,
                $"{ControlStudy.Id} p99 {measured.Quiet.Figures[FigureName.P99]:F0} µs, with churn {measured.Churning.Figures[FigureName.P99]:F0} µs, "
                + $"{now.Collections - last.Collections} collections of which {now.FullCollections - last.FullCollections} full, "
                + $"{(now.PauseSeconds - last.PauseSeconds) * 1000:F0} ms, the longest {now.LongestPauseSeconds * 1000:F0} ms {rejection}"));
            if (rejection is null)
            {
                _pairs.Add(measured);
            }

            longest = Math.Max(longest, now.LongestPauseSeconds);
            longestFull = now.FullCollections > last.FullCollections ? Math.Max(longestFull, now.LastFullPauseSeconds) : longestFull;
            last = now;
        }

        figures[FigureName.Collections] = last.Collections - first.Collections;
        figures[FigureName.FullCollections] = last.FullCollections - first.FullCollections;
        figures[FigureName.LongestPause] = longest * 1000;
        figures[FigureName.LongestFullPause] = longestFull * 1000;
        figures[FigureName.CollectorPauses] = (last.PauseSeconds - first.PauseSeconds) * 1000;
        Summarise(figures);
        return _pairs.Sum(measured => measured.Conditions.Errors);
    }

    private async Task<CollectorReading> ReadCollectorAsync() => CollectorReading.Parse(await pair.ReadClientMetricsAsync(rig));

    private async Task<ChurnPair> MeasurePairAsync(bool quietFirst)
    {
        HostSnapshot before = HostSnapshot.Take();
        double ownBefore = rig.OwnCpuSeconds();
        VisitResult? quiet = quietFirst ? await _http.VisitAsync(pair, Slice) : null;

        // A second more than the slice, so that updates last to its end.
        await plane.ChurnAsync(UpdatesPerSecond, (int)Slice.TotalSeconds + 1);
        double cpuBefore = pair.ClientSide!.CpuSeconds();
        VisitResult churning = await _http.VisitAsync(pair, Slice);
        double cpu = pair.ClientSide.CpuSeconds() - cpuBefore;
        double[] churned = await plane.ExpectAsync("churned");
        quiet ??= await _http.VisitAsync(pair, Slice);
        CpuTimes slice = HostSnapshot.Take().All - before.All;
        double total = Math.Max(slice.Total, 1e-9);
        BlockConditions conditions = new(
            slice.Steal / total, Math.Max(0, slice.Busy - (rig.OwnCpuSeconds() - ownBefore)) / total, double.NaN, double.NaN,
            quiet.Errors + churning.Errors, quiet.Message + churning.Message);
        return new ChurnPair(quiet, churning, 1000 * churned[0] / churned[1], cpu / Slice.TotalSeconds, conditions);
    }

    private void Summarise(Dictionary<string, double> figures)
    {
        double Ratio(ChurnPair measured, string figure) => measured.Churning.Figures[figure] / measured.Quiet.Figures[figure];
        RatioEstimate p99 = RatioEstimate.Of([.. _pairs.Select(measured => Ratio(measured, FigureName.P99))]);
        figures[FigureName.P50] = Sample.Median(_pairs.Select(measured => measured.Quiet.Figures[FigureName.P50]));
        figures[FigureName.P99] = Sample.Median(_pairs.Select(measured => measured.Quiet.Figures[FigureName.P99]));
        figures[FigureName.ChurnP99] = Sample.Median(_pairs.Select(measured => measured.Churning.Figures[FigureName.P99]));
        figures[FigureName.ChurnEffect] = p99.Median;
        figures[FigureName.ChurnEffectLow] = p99.Low;
        figures[FigureName.ChurnEffectHigh] = p99.High;
        figures[FigureName.ChurnPairs] = _pairs.Count;
        figures[FigureName.ChurnRateEffect] = Sample.Median(_pairs.Select(measured => Ratio(measured, FigureName.RequestsPerSecond)));
        figures[FigureName.UpdatesPerSecond] = Sample.Median(_pairs.Select(measured => measured.UpdatesPerSecond));
        figures[FigureName.ChurnCpus] = Sample.Median(_pairs.Select(measured => measured.ClientCpus));
    }

    /// <param name="ClientCpus">CPUs that the client's side used in the slice with updates.</param>
    private sealed record ChurnPair(VisitResult Quiet, VisitResult Churning, double UpdatesPerSecond, double ClientCpus, BlockConditions Conditions);
}
