using System.Text.Json;
using Ambient.Lab.Benchmarking;
using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.UnitTests.Lab;

public sealed class PodBenchReportTests
{
    private static readonly BenchFigure Requests = BenchFigure.All.Single(figure => figure.Key == "requests_per_s");
    private static readonly BenchFigure Cpu = BenchFigure.All.First(figure => figure.Key == "cpu_s_per_1000");

    [Fact]
    public void The_ratio_is_the_median_of_ratios_within_blocks()
    {
        PodBenchReport report = Report(Block(50, 100), Block(900, 1000), Block(80, 100));

        RatioEstimate ratio = report.Ratio(Requests);

        Assert.Equal((0.8, 3), (ratio.Median, ratio.Blocks));
        Assert.InRange(ratio.Low, 0.5, 0.8);
        Assert.InRange(ratio.High, 0.8, 0.9);
        Assert.Equal((80.0, 100.0), (report.Median(Requests, enrolled: true), report.Median(Requests, enrolled: false)));
    }

    [Fact]
    public void A_block_with_a_failed_operation_does_not_count()
    {
        BenchBlock bad = Block(5000, 100) with { Enrolled = new BenchHalf(Visit(5000, errors: 2), Visit(10)) };
        PodBenchReport report = Report(Block(50, 100), bad, Block(50, 100));

        Assert.Equal((0.5, 2), (report.Ratio(Requests).Median, report.Accepted.Count));
        Assert.Equal("enrolled: 2 of the requests failed: the connection broke", bad.RejectedBecause);
        string text = PodBenchText.Write(report);
        Assert.Contains("Medians over 2 of 3 blocks", text, StringComparison.Ordinal);
        Assert.Contains("Rejected: 1 blocks, enrolled: 2 of the requests failed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_in_which_nothing_was_answered_does_not_count()
    {
        BenchBlock empty = Block(10, 10) with { NotEnrolled = new BenchHalf(Visit(10), Visit(0)) };

        Assert.Equal("not enrolled: none of the new connections was answered in time", empty.RejectedBecause);
    }

    [Fact]
    public void Cpu_time_is_per_thousand_operations_of_the_whole_load()
    {
        var visit = new BenchVisit(new HttpLoadResult(3000, 2, 4000, 1, 2, 200, 0, ""), CpuSeconds: 0.5);

        Assert.Equal(0.125, visit.CpuPerThousand, 12);
    }

    [Fact]
    public void Without_work_in_one_half_there_is_no_ratio()
    {
        BenchHalf idle = new(Visit(100) with { CpuSeconds = 0 }, Visit(10));
        PodBenchReport report = Report(Block(100, 100) with { NotEnrolled = idle });

        Assert.Equal(0, report.Ratio(Cpu).Blocks);
        Assert.Equal(FigureFormat.Absent, FigureFormat.Ratio(report.Ratio(Cpu)));
    }

    [Fact]
    public void The_text_has_the_facts_a_row_for_each_figure_and_says_what_few_blocks_mean()
    {
        string few = PodBenchText.Write(Report(Block(50, 100)));
        string enough = PodBenchText.Write(Report([.. Enumerable.Repeat(Block(50, 100), 6)]));

        Assert.Contains("  from    demo/curl\n", few, StringComparison.Ordinal);
        Assert.Matches(@"requests/s +50\.0 +100 +0\.50 \[0\.50, 0\.50\]\n", few);
        Assert.All(BenchFigure.All, figure => Assert.Contains(figure.Title, few, StringComparison.Ordinal));
        Assert.Contains("Fewer than 6 blocks", few, StringComparison.Ordinal);
        Assert.DoesNotContain("Fewer", enough, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ratio_that_may_be_one_is_marked()
    {
        string text = PodBenchText.Write(Report(Block(90, 100), Block(110, 100), Block(95, 100), Block(105, 100)));

        Assert.Matches(@"requests/s .*\] =\n", text);
        Assert.Contains("may as well be 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_has_workloads_then_systems_then_figures()
    {
        using JsonDocument json = JsonDocument.Parse(PodBenchJson.Write(Report(Block(50, 100), Block(60, 100))));

        JsonElement http = json.RootElement.GetProperty("http");
        Assert.Equal(55, http.GetProperty("enrolled").GetProperty("requests_per_s").GetDouble(), 9);
        Assert.Equal(100, http.GetProperty("not-enrolled").GetProperty("requests_per_s").GetDouble(), 9);
        Assert.Equal(0.55, http.GetProperty("ratio").GetProperty("requests_per_s").GetDouble(), 9);
        Assert.True(json.RootElement.GetProperty("connect").GetProperty("enrolled").TryGetProperty("connections_per_s", out _));
    }

    private static PodBenchReport Report(params BenchBlock[] blocks) => new([("from", "demo/curl"), ("blocks", "some")], blocks);

    private static BenchBlock Block(long enrolled, long notEnrolled) =>
        new(new BenchHalf(Visit(enrolled), Visit(10)), new BenchHalf(Visit(notEnrolled), Visit(20)));

    private static BenchVisit Visit(long operations, long errors = 0) =>
        new(new HttpLoadResult(operations, 1, operations, 100, 200, 200, errors, errors == 0 ? "" : "the connection broke"), CpuSeconds: 0.1);
}
