using System.Text.Json;
using System.Xml.Linq;
using Ambient.Bench.Blocks;
using Ambient.Bench.Report;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;
using Ambient.Lab.Benchmarking;

namespace Ambient.UnitTests.Bench;

public sealed class ReportTests
{
    private static readonly WorkloadSpec Bulk = new(BlockBuilder.Workload, "W1 1 flow", FigureName.GigabitsPerSecond, "Gb/s", true, "GB");

    [Fact]
    public void A_target_is_judged_by_the_median_of_ratios()
    {
        TargetResult[] results = Judge(ReportOf(Enumerable.Repeat(2.5, 8)));

        Assert.Equal(TargetVerdict.FloorMet, results.Single(result => result.Target.Title == "W1 1 flow, ours / haproxy mTLS").Verdict);
        Assert.Equal(TargetVerdict.NotMeasured, results.Single(result => result.Target.Workload == "w4-32").Verdict);
    }

    [Theory]
    [InlineData(3.1, nameof(TargetVerdict.AimMet))]
    [InlineData(2.5, nameof(TargetVerdict.FloorMet))]
    [InlineData(2.1, nameof(TargetVerdict.Missed))]
    public void The_median_is_held_against_floor_and_aim(double ratio, string expected) =>
        Assert.Equal(Enum.Parse<TargetVerdict>(expected), Judge(ReportOf(Enumerable.Repeat(ratio, 8))).First(result => result.Target.Reference == SystemName.HaproxyTls).Verdict);

    [Fact]
    public void Where_less_is_better_the_comparison_is_turned()
    {
        Dictionary<string, double> idle = new() { [FigureName.IdleBytesWorseSide] = 4000, [FigureName.StartResidentWorseSide] = 64 };
        BlockRecord block = new(IdleStudy.Id, "aes128", [new VisitRecord(SystemName.Ours, idle, 0, "")], BlockBuilder.Quiet, null);
        TargetResult[] results = Judge(ReportOf(WorkloadSummary.Of(IdleStudy.Spec, "aes128", [block], 1)));

        Assert.Equal(TargetVerdict.AimMet, results.Single(result => result.Target.Figure == FigureName.IdleBytesWorseSide).Verdict);
        Assert.Equal(TargetVerdict.Missed, results.Single(result => result.Target.Figure == FigureName.StartResidentWorseSide).Verdict);
    }

    [Theory]
    [InlineData(1.11, nameof(TargetVerdict.Missed))]
    [InlineData(1.10, nameof(TargetVerdict.FloorMet))]
    [InlineData(1.04, nameof(TargetVerdict.AimMet))]
    public void Updates_of_the_mesh_may_cost_a_tenth_of_the_p99(double ratio, string expected)
    {
        Dictionary<string, double> figures = new() { [FigureName.LoadedResident] = 513, [FigureName.ChurnEffect] = ratio, [FigureName.LookupNanoseconds] = 99 };
        BlockRecord block = new(ControlStudy.Id, "aes128", [new VisitRecord(SystemName.Ours, figures, 0, "")], BlockBuilder.Quiet, null);
        TargetResult[] results = Judge(ReportOf(WorkloadSummary.Of(ControlStudy.Spec, "aes128", [block], 1)));

        Assert.Equal(Enum.Parse<TargetVerdict>(expected), results.Single(result => result.Target.Figure == FigureName.ChurnEffect).Verdict);
        Assert.Equal(TargetVerdict.Missed, results.Single(result => result.Target.Figure == FigureName.LoadedResident).Verdict);
        Assert.Equal(TargetVerdict.FloorMet, results.Single(result => result.Target.Figure == FigureName.LookupNanoseconds).Verdict);
        Assert.Equal(TargetVerdict.NotMeasured, results.Single(result => result.Target.Figure == FigureName.LoadSeconds).Verdict);
    }

    [Fact]
    public void A_void_workload_has_no_ratios_and_no_met_target()
    {
        RunReport report = ReportOf(WorkloadSummary.Of(Bulk, "aes128", BlockBuilder.Control(1.1, 1.12, 1.11, 1.13, 1.1, 1.12, 1.11), attempts: 2));

        Assert.Empty(report.Suites[0].Workloads[0].Ratios);
        Assert.All(report.Targets, result => Assert.Equal(TargetVerdict.NotMeasured, result.Verdict));
        Assert.Contains("VOID w1-1 aes128 after 2 attempts", ReportText.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_void_run_prints_no_ratio_at_all()
    {
        RunReport report = ReportOf(Enumerable.Repeat(2.5, 8)) with { Control = new ControlVerdict(null, "the same system under two names differs") };

        string text = ReportText.Write(report);

        Assert.Contains("VOID: the same system under two names differs. No ratio of this run is printed.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ratios within a block", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_names_medians_ratios_limits_and_rejections()
    {
        BlockRecord rejected = BlockBuilder.Block((SystemName.Ours, 1)) with { RejectedBecause = "steal: 5 % of the CPU time was taken away" };
        string text = ReportText.Write(ReportOf(WorkloadSummary.Of(Bulk, "aes128", [.. Blocks(Enumerable.Repeat(2.5, 8)), rejected], 1)));

        Assert.Contains("2.50 [2.50, 2.50]", text, StringComparison.Ordinal);
        Assert.Contains("floor met", text, StringComparison.Ordinal);
        Assert.Contains("w1-1: 1 blocks rejected for steal", text, StringComparison.Ordinal);
        Assert.Contains("cubic", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_rejections_mark_the_report_as_noise() =>
        Assert.Contains("NOISE", ReportText.Write(ReportOf(Enumerable.Repeat(2.5, 8)) with { IsNoise = true }), StringComparison.Ordinal);

    [Fact]
    public void The_figures_are_workload_then_system_then_figure()
    {
        using JsonDocument json = JsonDocument.Parse(ReportJson.WriteFigures(ReportOf(Enumerable.Repeat(2.5, 8))));

        Assert.Equal(10, json.RootElement.GetProperty("w1-1").GetProperty("ours").GetProperty("gbps").GetDouble());
    }

    [Fact]
    public void A_second_suite_does_not_overwrite_the_first()
    {
        RunReport report = ReportOf(Enumerable.Repeat(2.5, 8));
        SuiteReport second = report.Suites[0] with { Suite = "aes256", Workloads = [report.Suites[0].Workloads[0] with { Suite = "aes256" }] };
        using JsonDocument json = JsonDocument.Parse(ReportJson.WriteFigures(report with { Suites = [.. report.Suites, second] }));

        Assert.Equal(["w1-1", "w1-1@aes256"], json.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void The_whole_report_keeps_every_block()
    {
        using JsonDocument json = JsonDocument.Parse(ReportJson.Write(ReportOf(Enumerable.Repeat(2.5, 8))));

        Assert.Equal(8, json.RootElement.GetProperty("suites")[0].GetProperty("workloads")[0].GetProperty("blocks").GetArrayLength());
    }

    [Fact]
    public void The_picture_is_well_formed_and_shows_every_system()
    {
        RunReport report = ReportOf(Enumerable.Repeat(2.5, 8));

        XDocument picture = XDocument.Parse(SvgChart.Draw(report, report.Suites[0]));

        Assert.Equal("svg", picture.Root!.Name.LocalName);
        Assert.All(["ours", "ours again", "haproxy mTLS"], name => Assert.Contains(picture.Descendants(), element => element.Value == name));
    }

    [Theory]
    [InlineData(double.NaN, "-")]
    [InlineData(0, "0")]
    [InlineData(0.00123, "0.0012")]
    [InlineData(3.14159, "3.14")]
    [InlineData(42.42, "42.4")]
    [InlineData(12_345.6, "12,346")]
    public void Numbers_are_printed_with_what_can_be_believed(double value, string expected) => Assert.Equal(expected, FigureFormat.Value(value));

    private static IEnumerable<BlockRecord> Blocks(IEnumerable<double> ratios) =>
        ratios.Select(ratio => BlockBuilder.Block((SystemName.Ours, 10), (SystemName.OursAgain, 10), (SystemName.HaproxyTls, 10 / ratio)));

    private static RunReport ReportOf(IEnumerable<double> ratios) => ReportOf(WorkloadSummary.Of(Bulk, "aes128", [.. Blocks(ratios)], attempts: 1));

    private static RunReport ReportOf(WorkloadReport workload)
    {
        SuiteReport suite = new("aes128", "TLS_AES_128_GCM_SHA256", [], [], [workload]);
        return new RunReport(
            new Dictionary<string, string> { ["congestion control"] = "cubic / cubic" },
            IsQuick: false, IsNoise: false, BlocksWanted: 8, SecondsPerVisit: 1, new ControlVerdict(null, null), [suite], TargetTable.Judge(suite));
    }

    private static TargetResult[] Judge(RunReport report) => [.. report.Targets];
}
