using System.Net;
using System.Text.Json;
using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

/// <summary>What a line says it happened within (node-proxy 9.4).</summary>
public sealed class LogSpanTests
{
    private static readonly IPEndPoint Peer = IPEndPoint.Parse("10.0.0.1:1234");
    private static readonly TraceParent Trace = new(0xab, 7, 0);

    [Fact]
    public void A_plain_line_names_its_spans_behind_the_target_the_outermost_first()
    {
        using var log = new CapturedLog();
        ILogger pod = log.Loggers.CreateLogger(LogTargets.Inbound).WithinPod(new WorkloadInfo("web-0", "shop", "web"));
        SampleLog.Loaded(pod, 12);
        SampleLog.Loaded(pod.WithinConnection(TrafficDirection.Inbound, Trace, Peer), 13);
        SampleLog.Loaded(log.Loggers.CreateLogger(LogTargets.Xds).WithinStream(5), 14);
        SampleLog.Loaded(pod.WithinConnection(TrafficDirection.Outbound, null, Peer), 15);

        Assert.Equal(
            [
                "debug\tproxy::inbound:proxy{wl=shop/web-0}\tloaded\tworkloads=12",
                "debug\tproxy::inbound:proxy{wl=shop/web-0}:inbound{id=000000000000000000000000000000ab peer=10.0.0.1:1234}\tloaded\tworkloads=13",
                "debug\txds::client:xds{id=5}\tloaded\tworkloads=14",
                "debug\tproxy::inbound:proxy{wl=shop/web-0}:outbound{peer=10.0.0.1:1234}\tloaded\tworkloads=15",
            ],
            log.ReadLines().Select(line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public void A_span_without_fields_is_still_a_pair_of_braces()
    {
        using var log = new CapturedLog();
        ILogger plain = log.Loggers.CreateLogger(LogTargets.Xds);
        SampleLog.Loaded(new SpanLogger((TargetLogger)plain, LogSpan.Of("bare", [])), 1);

        Assert.Contains("xds::client:bare{}\tloaded", Assert.Single(log.ReadLines()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_line_has_an_object_for_each_span_behind_its_fields_and_the_next_line_none()
    {
        using var log = new CapturedLog(LogFormat.Json);
        ILogger plain = log.Loggers.CreateLogger(LogTargets.Policy);
        ILogger pod = plain.WithinPod(new WorkloadInfo("web-0", "shop", "web"));
        SampleLog.Loaded(pod.WithinConnection(TrafficDirection.Inbound, Trace, Peer), 13);
        SampleLog.Loaded(plain.WithinStream(5), 14);
        SampleLog.Loaded(plain, 15);

        string[] lines = log.ReadLines();
        Assert.EndsWith(
            """ "workloads":13,"proxy":{"wl":"shop/web-0"},"inbound":{"id":"000000000000000000000000000000ab","peer":"10.0.0.1:1234"}}""".TrimStart(),
            lines[0],
            StringComparison.Ordinal);
        Assert.EndsWith(""" "workloads":14,"xds":{"id":5}}""".TrimStart(), lines[1], StringComparison.Ordinal);
        Assert.EndsWith(""" "workloads":15}""".TrimStart(), lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void A_span_follows_the_level_of_its_target_and_cannot_forge_a_line()
    {
        using var log = new CapturedLog(filter: "info");
        ILogger pod = log.Loggers.CreateLogger(LogTargets.Inbound).WithinPod(new WorkloadInfo("web\nerror\tforged", "shop", "web"));
        SampleLog.Loaded(pod, 12);
        Assert.False(pod.IsEnabled(LogLevel.Debug));
        Assert.True(log.Loggers.Filter.TryAdd("debug", out LogFilter? changed, out _));
        log.Loggers.Apply(changed);
        Assert.True(pod.IsEnabled(LogLevel.Debug));
        SampleLog.Loaded(pod, 13);

        string line = Assert.Single(log.ReadLines());
        Assert.Equal(5, line.Split('\t').Length);
    }

    [Fact]
    public void A_logger_that_takes_nothing_stays_what_it_is() =>
        Assert.Same(NullLogger.Instance, NullLogger.Instance.WithinConnection(TrafficDirection.Inbound, Trace, Peer));
}
