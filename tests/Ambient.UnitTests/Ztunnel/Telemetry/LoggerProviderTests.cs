using System.Net;
using System.Text.Json;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public sealed class LoggerProviderTests
{
    [Fact]
    public void Prints_trailing_placeholders_as_fields()
    {
        using var log = new CapturedLog();
        ILogger logger = log.Loggers.CreateLogger(LogTargets.Inbound);
        SampleLog.Listening(logger, "inbound", IPEndPoint.Parse("[::]:15008"), true);

        Assert.Equal(
            "2026-03-01T12:30:05.123456Z\tinfo\tproxy::inbound\tlistener established\tcomponent=\"inbound\" address=[::]:15008 transparent=true",
            Assert.Single(log.ReadLines()));
    }

    [Fact]
    public void Prints_a_sentence_with_placeholders_inside_as_it_reads()
    {
        using var log = new CapturedLog();
        SampleLog.Tried(log.Loggers.CreateLogger("x"), 3, new InvalidOperationException("bad"));

        Assert.EndsWith("\twarn\tx\ttook 3 tries to start\terror=\"InvalidOperationException: bad\"", Assert.Single(log.ReadLines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Prints_the_full_target_as_scope_in_json()
    {
        using var log = new CapturedLog(LogFormat.Json);
        SampleLog.Loaded(log.Loggers.CreateLogger(LogTargets.State), 12);

        using JsonDocument line = JsonDocument.Parse(Assert.Single(log.ReadLines()));
        Assert.Equal(
            ("debug", "2026-03-01T12:30:05.123456Z", "ztunnel::state", "loaded", 12),
            (line.RootElement.GetProperty("level").GetString(),
                line.RootElement.GetProperty("time").GetString(),
                line.RootElement.GetProperty("scope").GetString(),
                line.RootElement.GetProperty("message").GetString(),
                line.RootElement.GetProperty("workloads").GetInt32()));
    }

    [Fact]
    public void Applies_a_new_filter_to_loggers_already_made()
    {
        using var log = new CapturedLog(filter: "warn");
        ILogger logger = log.Loggers.CreateLogger(LogTargets.Access);
        Assert.False(logger.IsEnabled(LogLevel.Information));
        Assert.True(log.Loggers.Filter.TryAdd("access=debug", out LogFilter? changed, out _));

        log.Loggers.Apply(changed);

        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.False(log.Loggers.CreateLogger(LogTargets.State).IsEnabled(LogLevel.Information));
        Assert.False(logger.IsEnabled(LogLevel.None));
    }

    [Theory]
    [InlineData("a {b} {c}", "a")]
    [InlineData("a", "a")]
    [InlineData("a {b} c", null)]
    [InlineData("{a}", "")]
    [InlineData("a {b:x} {c}", "a")]
    public void Tells_fields_from_sentences(string template, string? message) => Assert.Equal(message, LogTemplate.Parse(template)?.Message);

    [Fact]
    public void Cuts_very_long_values()
    {
        using var log = new CapturedLog();
        SampleLog.Told(log.Loggers.CreateLogger("x"), new string('v', 100_000));

        Assert.InRange(Assert.Single(log.ReadLines()).Length, 4096, 4300);
    }
}
