using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class WorkerOptionsTests
{
    [Theory]
    [InlineData("3", 8, 3)]
    [InlineData("0", 8, 8)]
    [InlineData("50%", 8, 4)]
    [InlineData("1%", 8, 1)]
    [InlineData("0%", 8, 1)]
    [InlineData("51%", 8, 5)]
    [InlineData("100%", 1, 1)]
    [InlineData("200%", 4, 8)]
    public void Reads_numbers_and_percentages(string text, int processors, int expected)
    {
        Assert.True(WorkerOptions.TryParse(text, processors, out int threads));
        Assert.Equal(expected, threads);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("50 %")]
    [InlineData("50%%")]
    [InlineData("1025")]
    [InlineData("1001%")]
    [InlineData("99999999999")]
    public void Refuses_everything_else(string text) => Assert.False(WorkerOptions.TryParse(text, 8, out _));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 3)]
    [InlineData(64, 16)]
    public void Takes_a_quarter_of_the_processors_and_at_least_two_by_default(int processors, int expected) =>
        Assert.Equal(expected, Threads(processors));

    [Fact]
    public void Takes_an_explicit_limit_raised_by_the_request()
    {
        Assert.Equal(1, Threads(64, ("ZTUNNEL_RESOURCE_CPU_LIMIT", "500m")));
        Assert.Equal(3, Threads(64, ("ZTUNNEL_RESOURCE_CPU_LIMIT", "2500m")));
        Assert.Equal(6, Threads(64, ("ZTUNNEL_RESOURCE_CPU_LIMIT", "2"), ("ZTUNNEL_RESOURCE_CPU_REQUEST", "6")));
        Assert.Equal(5, Threads(8, ("ZTUNNEL_RESOURCE_CPU_REQUEST", "4.5")));
    }

    [Fact]
    public void Reckons_with_the_processors_it_is_told_of()
    {
        Assert.Equal(16, Threads(4, ("ZTUNNEL_CPU_LIMIT", "16"), ("ZTUNNEL_WORKER_THREADS", "0")));
        Assert.Equal(4, Threads(4, ("ZTUNNEL_CPU_LIMIT", "16")));
    }

    [Fact]
    public void Takes_the_proxy_configurations_concurrency_unless_the_setting_is_given()
    {
        Assert.Equal(5, Threads(8, ("PROXY_CONFIG", "concurrency: 5")));
        Assert.Equal(8, Threads(8, ("PROXY_CONFIG", "concurrency: 0")));
        Assert.Equal(1, Threads(8, ("PROXY_CONFIG", "concurrency: 5"), ("ZTUNNEL_WORKER_THREADS", "1")));
    }

    private static int Threads(int processors, params (string Name, string Value)[] settings)
    {
        OptionsResult result = Given.ReadWith(null, processors, settings);
        Assert.Empty(result.Errors);
        return result.Options!.Workers.Threads;
    }
}
