using System.Net;
using System.Text.Json;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public sealed class ConnectionRecordTests
{
    [Fact]
    public void Writes_the_access_line_of_an_outbound_connection()
    {
        using var log = new CapturedLog(filter: "info");
        var traffic = new FakeTraffic { ToUpstream = 111, ToDownstream = 222 };
        ConnectionRecord record = Reporter(log).Open(Sample.Outbound, traffic);
        log.Time.Advance(TimeSpan.FromMilliseconds(7.9));
        record.Complete();

        Assert.Equal(
            "2026-03-01T12:30:05.131356Z\tinfo\taccess\tconnection complete\tsrc.addr=10.0.0.1:40000 src.workload=\"web-0\" "
            + "src.namespace=\"shop\" src.identity=\"spiffe://cluster.local/ns/shop/sa/web\" src.cluster=\"demo\" "
            + "dst.addr=10.0.1.2:15008 dst.hbone_addr=10.0.1.2:8080 dst.service=\"api.shop.svc.cluster.local\" "
            + "dst.workload=\"api-0\" dst.namespace=\"shop\" dst.identity=\"spiffe://cluster.local/ns/shop/sa/api\" "
            + "dst.cluster=\"demo\" direction=\"outbound\" bytes_sent=111 bytes_recv=222 duration=\"7ms\"",
            Assert.Single(log.ReadLines()));
    }

    [Fact]
    public void Counts_bytes_inbound_from_the_side_of_the_server_application()
    {
        using var log = new CapturedLog(filter: "info");
        Reporter(log).Open(Sample.Inbound, new FakeTraffic { ToUpstream = 111, ToDownstream = 222 }).Complete();

        Assert.Contains("direction=\"inbound\" bytes_sent=222 bytes_recv=111 ", Assert.Single(log.ReadLines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_out_what_is_not_known()
    {
        using var log = new CapturedLog(filter: "info");
        Reporter(log).Open(Sample.Plaintext, new FakeTraffic()).Complete();

        Assert.EndsWith(
            "\tsrc.addr=[fd00::1]:40000 dst.addr=[fd00::2]:80 direction=\"inbound\" bytes_sent=0 bytes_recv=0 duration=\"0ms\"",
            Assert.Single(log.ReadLines()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Hides_identities_of_plaintext_from_the_log_but_labels_the_destination()
    {
        using var log = new CapturedLog(filter: "info");
        ConnectionDescription plaintext = Sample.Outbound with { IsMutualTls = false };
        var metrics = new TcpMetrics();
        Reporter(log, metrics).Open(plaintext, new FakeTraffic()).Complete();

        Assert.DoesNotContain("identity", Assert.Single(log.ReadLines()), StringComparison.Ordinal);
        string labels = new TcpLabels(plaintext, ResponseFlag.None).Format();
        Assert.Contains("source_principal=\"unknown\"", labels, StringComparison.Ordinal);
        Assert.Contains("destination_principal=\"spiffe://cluster.local/ns/shop/sa/api\"", labels, StringComparison.Ordinal);
        Assert.Contains("connection_security_policy=\"unknown\"", labels, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_same_fields_as_json_with_numbers_as_numbers()
    {
        using var log = new CapturedLog(LogFormat.Json, "info");
        Reporter(log).Open(Sample.Outbound, new FakeTraffic { ToUpstream = 5 }).Complete(Sample.Failed(ResponseFlag.Deny, "no\t\"way\""));

        using JsonDocument line = JsonDocument.Parse(Assert.Single(log.ReadLines()));
        Assert.Equal(
            [
                "level", "time", "scope", "message", "src.addr", "src.workload", "src.namespace", "src.identity", "src.cluster", "dst.addr",
                "dst.hbone_addr", "dst.service", "dst.workload", "dst.namespace", "dst.identity", "dst.cluster", "direction", "bytes_sent",
                "bytes_recv", "duration", "error", "error.phase", "error.side", "error.reason",
            ],
            line.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("error", "access"), (line.RootElement.GetProperty("level").GetString(), line.RootElement.GetProperty("scope").GetString()));
        Assert.Equal(5, line.RootElement.GetProperty("bytes_sent").GetInt64());
        Assert.Equal("no\t\"way\"", line.RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public void Lets_no_value_forge_a_line_or_a_field()
    {
        using var log = new CapturedLog(filter: "info");
        ConnectionDescription hostile = Sample.Outbound with
        {
            HboneAddress = "x:1 direction=\"inbound\"",
            Service = new ServiceDescription("a\"b\\c\n2026\terror\u001b[31m\u2028\u0085", "n", "s"),
        };
        Reporter(log).Open(hostile, new FakeTraffic()).Complete();

        string line = Assert.Single(log.ReadLines());
        Assert.Contains("dst.hbone_addr=\"x:1 direction=\\\"inbound\\\"\"", line, StringComparison.Ordinal);
        Assert.Contains("dst.service=\"a\\\"b\\\\c\\n2026\\terror\\u{1b}[31m\\u{2028}\\u{85}\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_the_drain_when_disposed_unfinished()
    {
        using var log = new CapturedLog(filter: "info");
        var metrics = new TcpMetrics();
        Reporter(log, metrics).Open(Sample.Outbound, new FakeTraffic()).Dispose();

        string line = Assert.Single(log.ReadLines());
        Assert.Contains("\terror\taccess\tconnection complete\t", line, StringComparison.Ordinal);
        Assert.Contains("error=\"connection closed due to connection drain\"", line, StringComparison.Ordinal);
        Assert.Equal(new TcpSample(1, 1, 0, 0, 0), SampleOf(metrics, ResponseFlag.None));
    }

    [Fact]
    public void Counts_a_failure_under_its_own_flag_and_bytes_under_none()
    {
        using var log = new CapturedLog();
        var metrics = new TcpMetrics();
        var traffic = new FakeTraffic { ToUpstream = 3, ToDownstream = 4 };
        Reporter(log, metrics).Open(Sample.Outbound, traffic).Complete(Sample.Failed(ResponseFlag.Connect, "refused"));

        Assert.Equal(new TcpSample(1, 0, 0, 3, 4), SampleOf(metrics, ResponseFlag.None));
        Assert.Equal(new TcpSample(0, 1, 1, 0, 0), SampleOf(metrics, ResponseFlag.Connect));
    }

    [Fact]
    public async Task Reports_once_however_many_try()
    {
        using var log = new CapturedLog(filter: "info");
        var metrics = new TcpMetrics();
        for (int round = 0; round < 200; round++)
        {
            ConnectionRecord record = Reporter(log, metrics).Open(Sample.Outbound, new FakeTraffic { ToUpstream = 1 });
            await Task.WhenAll(Task.Run(() => record.Complete()), Task.Run(record.Dispose), Task.Run(() => record.Complete()));
        }

        Assert.Equal(200, log.ReadLines().Length);
        Assert.Equal(new TcpSample(200, 200, 0, 200, 0), SampleOf(metrics, ResponseFlag.None));
    }

    [Fact]
    public void Writes_a_warning_and_no_metric_for_an_early_refusal()
    {
        using var log = new CapturedLog(filter: "info");
        var metrics = new TcpMetrics();
        Reporter(log, metrics).Refused(
            TrafficDirection.Outbound, IPEndPoint.Parse("10.0.0.1:1"), IPEndPoint.Parse("127.0.0.1:15001"), Sample.Failed(ResponseFlag.Connect, "own port", "connect elsewhere").Cause!);

        Assert.EndsWith(
            "\twarn\taccess\tconnection failed\tsrc.addr=10.0.0.1:1 dst.addr=127.0.0.1:15001 direction=\"outbound\" error=\"own port\" hint=\"connect elsewhere\" error.phase=\"Connect\" error.side=\"Upstream\" error.reason=\"Other\"",
            Assert.Single(log.ReadLines()),
            StringComparison.Ordinal);
        Assert.Equal("# EOF\n", MetricsTests.Scrape(metrics));
    }

    [Fact]
    public void Ends_the_line_of_a_failure_with_its_hint_phase_side_and_reason()
    {
        using var log = new CapturedLog(filter: "info");
        Reporter(log).Open(Sample.Outbound, new FakeTraffic()).Complete(Sample.Failed(ResponseFlag.NetworkPolicy, "timed out", "is 15008 open?"));

        Assert.EndsWith(
            "error=\"timed out\" hint=\"is 15008 open?\" error.phase=\"Connect\" error.side=\"Upstream\" error.reason=\"Other\"",
            Assert.Single(log.ReadLines()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_opening_at_debug()
    {
        using var log = new CapturedLog(filter: "debug");
        Reporter(log).Open(Sample.Outbound, new FakeTraffic()).Complete();

        Assert.Contains("\tdebug\taccess\tconnection opened\tsrc.addr=", log.ReadLines()[0], StringComparison.Ordinal);
    }

    private static ConnectionReporter Reporter(CapturedLog log, TcpMetrics? metrics = null) =>
        new(metrics ?? new TcpMetrics(), new AccessLog(log.Loggers), new RecentFailures(), log.Time);

    private static TcpSample SampleOf(TcpMetrics metrics, ResponseFlag flag) =>
        metrics.SeriesOf(new TcpLabels(Sample.Outbound, flag)).Sample();
}
