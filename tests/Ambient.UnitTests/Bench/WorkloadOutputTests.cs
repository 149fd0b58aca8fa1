using Ambient.Bench.Blocks;
using Ambient.Bench.Workloads;

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
}
