using System.Buffers;
using System.Text;
using Ambient.Bench.Blocks;
using Ambient.Bench.Workloads;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Bench;

public sealed class WorkloadOutputTests
{
    [Fact]
    public void The_receivers_of_iperf3_are_believed()
    {
        VisitResult result = BulkWorkload.Parse("""
            {"end":{
              "streams":[
                {"sender":{"bits_per_second":9e9},"receiver":{"bits_per_second":3e9}},
                {"sender":{"bits_per_second":9e9},"receiver":{"bits_per_second":5e9}}],
              "sum_sent":{"bytes":99,"bits_per_second":18e9},
              "sum_received":{"bytes":2e9,"bits_per_second":8e9}}}
            """);

        Assert.Equal(2.0, result.Work, 9);
        Assert.Equal(8.0, result.Figures[FigureName.GigabitsPerSecond], 9);
        Assert.Equal(0.75, result.Figures[FigureName.Fairness], 9);
    }

    [Fact]
    public void Wrk_is_read_with_its_errors()
    {
        VisitResult result = HttpWorkload.Parse("""{"requests":30000,"microseconds":1500000,"errors":2,"p50":81.0,"p90":90,"p99":120.5,"p999":400}""");

        Assert.Equal(20_000, result.Figures[FigureName.RequestsPerSecond], 6);
        Assert.Equal(120.5, result.Figures[FigureName.P99]);
        Assert.Equal(30, result.Work);
        Assert.Equal(2, result.Errors);
    }

    [Fact]
    public void The_collector_is_read_from_the_metrics_of_a_ztunnel()
    {
        ArrayBufferWriter<byte> text = new();
        new CollectorMetrics(TimeProvider.System).WriteTo(new MetricsWriter(text));
        double pauses = GC.GetTotalPauseDuration().TotalSeconds;

        CollectorReading reading = CollectorReading.Parse(Encoding.UTF8.GetString(text.WrittenSpan));

        Assert.InRange(reading.FullCollections, 0, GC.CollectionCount(GC.MaxGeneration));
        Assert.InRange(reading.PauseSeconds, 0, pauses);
        Assert.InRange(reading.LastFullPauseSeconds, 0, pauses);
        Assert.InRange(reading.LongestPauseSeconds, 0, pauses);
    }

    [Fact]
    public void A_full_collection_shows_with_its_pause()
    {
        CollectorReading reading = CollectorReading.Parse(
            "ambient_gc_collections_total{generation=\"0\"} 9\nambient_gc_collections_total{generation=\"2\"} 3\n"
            + "ambient_gc_pause_seconds_total 0.25\nambient_gc_longest_pause_seconds 0.125\nambient_gc_last_full_pause_seconds 0.0625\n# EOF\n");

        Assert.Equal(new CollectorReading(9, 3, 0.0625, 0.125, 0.25), reading);
    }

    [Fact]
    public void Metrics_without_a_collector_are_no_reading_of_nothing() =>
        Assert.Throws<InvalidOperationException>(() => CollectorReading.Parse("istio_build 1\n# EOF\n"));
}
