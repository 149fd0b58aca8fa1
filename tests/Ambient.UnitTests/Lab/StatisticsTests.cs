using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.UnitTests.Lab;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3.0)]
    [InlineData(new[] { 1.0, 9.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 3.0, 2.0 }, 2.5)]
    public void The_median_is_the_middle_or_between_the_two_middle_values(double[] values, double expected) =>
        Assert.Equal(expected, Sample.Median(values), 12);

    [Fact]
    public void A_quantile_is_interpolated_between_neighbours()
    {
        double[] ascending = [10, 20, 30, 40, 50];

        Assert.Equal(10, Sample.Quantile(ascending, 0), 12);
        Assert.Equal(14, Sample.Quantile(ascending, 0.1), 12);
        Assert.Equal(50, Sample.Quantile(ascending, 1), 12);
    }

    [Fact]
    public void Nothing_measured_gives_no_number() => Assert.True(double.IsNaN(RatioEstimate.Of([]).Median));

    [Theory]
    [InlineData(6, 0, 0.03125)]
    [InlineData(5, 1, 0.21875)]
    [InlineData(10, 0, 0.001953125)]
    [InlineData(3, 3, 1.0)]
    public void The_sign_test_gives_the_binomial_tails(int above, int below, double expected)
    {
        double[] ratios = [.. Enumerable.Repeat(1.5, above), .. Enumerable.Repeat(0.5, below)];

        Assert.Equal(expected, SignTest.PValue(ratios), 10);
    }

    [Fact]
    public void Ties_count_for_neither_side() => Assert.Equal(0.25, SignTest.PValue([1, 1, 2, 2, 2, 1]), 10);

    [Fact]
    public void The_interval_is_the_same_whenever_it_is_computed_from_the_same_blocks()
    {
        double[] ratios = [1.1, 0.9, 1.3, 1.0, 1.2, 1.05, 0.95];

        Assert.Equal(RatioEstimate.Of(ratios), RatioEstimate.Of(ratios));
    }

    [Fact]
    public void The_interval_holds_the_true_median_about_as_often_as_it_says()
    {
        Random noise = new(7);
        const int Experiments = 400;
        int held = 0;
        for (int experiment = 0; experiment < Experiments; experiment++)
        {
            double[] ratios = [.. Enumerable.Range(0, 12).Select(_ => 1.4 + (0.2 * (noise.NextDouble() - 0.5)))];
            RatioEstimate estimate = RatioEstimate.Of(ratios);
            held += estimate.Low <= 1.4 && estimate.High >= 1.4 ? 1 : 0;
        }

        Assert.InRange(held / (double)Experiments, 0.90, 0.99);
    }

    [Fact]
    public void An_interval_excludes_one_only_when_it_lies_on_one_side()
    {
        Assert.True(new RatioEstimate(1.2, 1.01, 1.4, 0, 9).ExcludesOne);
        Assert.True(new RatioEstimate(0.8, 0.7, 0.99, 0, 9).ExcludesOne);
        Assert.False(new RatioEstimate(1.2, 1.0, 1.4, 0, 9).ExcludesOne);
        Assert.False(RatioEstimate.Of([]).ExcludesOne);
    }
}
