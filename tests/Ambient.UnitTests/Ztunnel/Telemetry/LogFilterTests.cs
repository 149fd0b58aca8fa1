using Ambient.UnitTests.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public sealed class LogFilterTests
{
    [Theory]
    [InlineData("info", LogTargets.Access, LogLevel.Information)]
    [InlineData("warn,access=debug", LogTargets.Access, LogLevel.Debug)]
    [InlineData("warn,access=debug", LogTargets.State, LogLevel.Warning)]
    [InlineData("info,proxy=trace", LogTargets.Inbound, LogLevel.Trace)]
    [InlineData("info,ztunnel::proxy=trace", LogTargets.Inbound, LogLevel.Trace)]
    [InlineData("proxy=error,proxy::inbound=trace", LogTargets.Inbound, LogLevel.Trace)]
    [InlineData("proxy::inbound=trace,proxy=error", LogTargets.Inbound, LogLevel.Trace)]
    [InlineData("info,access=off", LogTargets.Access, LogLevel.None)]
    [InlineData("access=debug", LogTargets.State, LogLevel.None)]
    [InlineData("INFO", LogTargets.State, LogLevel.Information)]
    [InlineData("debug,info", LogTargets.State, LogLevel.Information)]
    public void Lets_the_longest_target_decide(string text, string target, LogLevel expected)
    {
        Assert.True(LogFilter.TryParse(text, out LogFilter? filter, out _));
        Assert.Equal(expected, filter.LevelOf(target));
    }

    [Theory]
    [InlineData("info", "hickory_server::server=off,info")]
    [InlineData("warn,access=debug,proxy::inbound=trace", "hickory_server::server=off,proxy::inbound=trace,access=debug,warn")]
    [InlineData("info,hickory_server::server=debug", "hickory_server::server=debug,info")]
    public void Prints_its_directives_longest_target_first(string text, string expected)
    {
        Assert.True(LogFilter.TryParse(text, out LogFilter? filter, out _));
        Assert.Equal(expected, filter.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("loud")]
    [InlineData("info,")]
    [InlineData("=info")]
    [InlineData("access=")]
    [InlineData("access:debug")]
    [InlineData("access=debug=info")]
    [InlineData("acc ess=debug")]
    [InlineData("a\nb=debug")]
    public void Refuses_everything_else(string text)
    {
        Assert.False(LogFilter.TryParse(text, out _, out string? error));
        Assert.Contains("levels are", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Adds_directives_that_win_over_those_of_the_same_target()
    {
        Assert.True(LogFilter.Default.TryAdd("access=debug", out LogFilter? filter, out _));
        Assert.True(filter.TryAdd("access=warn,error", out filter, out _));
        Assert.Equal("hickory_server::server=off,access=warn,error", filter.ToString());
    }

    [Fact]
    public void Bounds_the_text() => Assert.False(LogFilter.TryParse(new string('a', 10_000) + "=info", out _, out _));

    [Fact]
    public void Reads_back_what_it_prints_on_mutated_text()
    {
        Mutations.Of("warn,access=debug,proxy::inbound=trace", 50_000, text =>
        {
            if (LogFilter.TryParse(text, out LogFilter? filter, out _))
            {
                Assert.True(LogFilter.TryParse(filter.ToString(), out LogFilter? read, out string? error), error);
                Assert.Equal(filter.ToString(), read.ToString());
            }
        });
    }
}
