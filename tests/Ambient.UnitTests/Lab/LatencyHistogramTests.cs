using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.UnitTests.Lab;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_within_one_percent()
    {
        LatencyHistogram histogram = new();
        for (int microseconds = 1; microseconds <= 100_000; microseconds++)
        {
            histogram.Record(microseconds * 1000L);
        }

        Assert.InRange(histogram.Quantile(0.5), 49_500_000, 50_500_000);
        Assert.InRange(histogram.Quantile(0.99), 98_010_000, 99_990_000);
        Assert.Equal(100_000_000, histogram.LargestNanoseconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1_000_003)]
    [InlineData(long.MaxValue)]
    public void Any_latency_comes_back_to_within_one_percent(long nanoseconds)
    {
        LatencyHistogram histogram = new();

        histogram.Record(nanoseconds);

        Assert.InRange(histogram.Quantile(0.5), (nanoseconds * 0.99) - 1, (nanoseconds * 1.01) + 1);
    }

    [Fact]
    public void Latencies_above_a_limit_are_counted()
    {
        LatencyHistogram histogram = new();
        histogram.Record(1_000_000);
        histogram.Record(250_000_000);
        histogram.Record(2_000_000_000);

        Assert.Equal(2, histogram.CountAbove(100_000_000));
    }

    [Fact]
    public void Adding_another_is_as_recording_into_one()
    {
        (LatencyHistogram one, LatencyHistogram other) = (new(), new());
        one.Record(1_000_000);
        other.Record(3_000_000);
        other.Record(9_000_000);

        one.Add(other);

        Assert.Equal((3, 9_000_000), (one.Count, one.LargestNanoseconds));
        Assert.InRange(one.Quantile(0.5), 2_970_000, 3_030_000);
    }

    [Fact]
    public void Nothing_recorded_is_zero() => Assert.Equal(0, new LatencyHistogram().Quantile(0.99));
}
