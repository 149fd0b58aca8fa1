using System.Buffers;
using System.Reflection;
using System.Text;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public sealed class MetricsTests
{
    private const string Labels =
        "reporter=\"source\",source_workload=\"web\",source_canonical_service=\"web-app\",source_canonical_revision=\"v1\","
        + "source_workload_namespace=\"shop\",source_principal=\"spiffe://cluster.local/ns/shop/sa/web\",source_app=\"web-app\","
        + "source_version=\"v1\",source_cluster=\"demo\",destination_service=\"api.shop.svc.cluster.local\","
        + "destination_service_namespace=\"shop\",destination_service_name=\"api\",destination_workload=\"api\","
        + "destination_canonical_service=\"api-app\",destination_canonical_revision=\"v2\",destination_workload_namespace=\"shop\","
        + "destination_principal=\"spiffe://cluster.local/ns/shop/sa/api\",destination_app=\"api-app\",destination_version=\"v2\","
        + "destination_cluster=\"demo\",request_protocol=\"tcp\",response_flags=\"-\",connection_security_policy=\"mutual_tls\","
        + "source_region=\"eu\",source_zone=\"eu-a\",destination_region=\"eu\",destination_zone=\"unknown\"";

    internal static string Scrape(params IMetricSource[] sources)
    {
        var registry = new MetricsRegistry();
        foreach (IMetricSource source in sources)
        {
            registry.Add(source);
        }

        var text = new ArrayBufferWriter<byte>();
        registry.WriteTo(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    [Fact]
    public void Prints_the_tcp_families_with_labels_in_order()
    {
        var metrics = new TcpMetrics();
        TcpSeries series = metrics.SeriesOf(new TcpLabels(Sample.Outbound, ResponseFlag.None));
        series.Open(new FakeTraffic { ToUpstream = 10, ToDownstream = 20 });

        Assert.Equal(
            "# HELP istio_tcp_connections_opened TCP connections opened.\n# TYPE istio_tcp_connections_opened counter\n"
            + $"istio_tcp_connections_opened_total{{{Labels}}} 1\n"
            + "# HELP istio_tcp_received_bytes Bytes from the initiating side of TCP connections.\n# TYPE istio_tcp_received_bytes counter\n"
            + $"istio_tcp_received_bytes_total{{{Labels}}} 10\n"
            + "# HELP istio_tcp_sent_bytes Bytes from the serving side of TCP connections.\n# TYPE istio_tcp_sent_bytes counter\n"
            + $"istio_tcp_sent_bytes_total{{{Labels}}} 20\n"
            + "# EOF\n",
            Scrape(metrics));
    }

    [Fact]
    public void Leaves_out_regions_when_neither_end_is_known()
    {
        string labels = new TcpLabels(Sample.Plaintext, ResponseFlag.None).Format();

        Assert.EndsWith("connection_security_policy=\"unknown\"", labels, StringComparison.Ordinal);
        Assert.StartsWith("reporter=\"destination\",source_workload=\"unknown\"", labels, StringComparison.Ordinal);
    }

    [Fact]
    public void Prints_regions_when_only_one_end_is_known()
    {
        string labels = new TcpLabels(Sample.Plaintext with { Source = Sample.Web }, ResponseFlag.None).Format();

        Assert.EndsWith(
            "source_region=\"eu\",source_zone=\"eu-a\",destination_region=\"unknown\",destination_zone=\"unknown\"",
            labels,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_app_by_its_workload_when_told_by_baggage()
    {
        ConnectionDescription connection = Sample.Inbound with { Source = Sample.Web with { IsFromBaggage = true } };

        Assert.Contains("source_app=\"web\"", new TcpLabels(connection, ResponseFlag.None).Format(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_one_series_for_pods_that_print_alike()
    {
        var metrics = new TcpMetrics();
        ConnectionDescription other = Sample.Outbound with
        {
            SourceAddress = new System.Net.IPEndPoint(1, 1),
            Source = Sample.Web with { PodName = "web-1" },
        };

        Assert.Same(
            metrics.SeriesOf(new TcpLabels(Sample.Outbound, ResponseFlag.None)), metrics.SeriesOf(new TcpLabels(other, ResponseFlag.None)));
        Assert.NotSame(
            metrics.SeriesOf(new TcpLabels(Sample.Outbound, ResponseFlag.None)),
            metrics.SeriesOf(new TcpLabels(Sample.Outbound, ResponseFlag.Deny)));
    }

    [Fact]
    public void Never_prints_one_label_set_twice()
    {
        var metrics = new TcpMetrics();
        foreach (string? zone in new[] { null, "", "unknown" })
        {
            ConnectionDescription connection = Sample.Outbound with { Source = Sample.Web with { Zone = zone } };
            metrics.SeriesOf(new TcpLabels(connection, ResponseFlag.None)).Open(new FakeTraffic());
        }

        string sample = Assert.Single(
            Scrape(metrics).Split('\n'), line => line.StartsWith("istio_tcp_connections_opened_total{", StringComparison.Ordinal));
        Assert.EndsWith("} 3", sample, StringComparison.Ordinal);
    }

    [Fact]
    public void Escapes_label_values()
    {
        var labels = new LabelText();
        labels.Add("a", "x\"y\\z\nw");
        labels.Add("b", "");

        Assert.Equal("a=\"x\\\"y\\\\z\\nw\",b=\"unknown\"", labels.ToString());
    }

    [Fact]
    public void Counts_live_bytes_and_keeps_them_after_the_close()
    {
        var series = new TcpSeries("");
        var first = new FakeTraffic();
        var second = new FakeTraffic();
        var third = new FakeTraffic();
        TcpSeries.LiveEntry[] entries = [series.Open(first), series.Open(second), series.Open(third)];
        (first.ToUpstream, second.ToUpstream, third.ToDownstream) = (1, 10, 100);
        Assert.Equal(new TcpSample(3, 0, 0, 11, 100), series.Sample());

        series.Close(entries[1]);
        series.Close(entries[0]);
        second.ToUpstream = 999;
        third.ToUpstream = 5;
        Assert.Equal(new TcpSample(3, 0, 0, 16, 100), series.Sample());
        series.Close(entries[2]);
        Assert.Equal(new TcpSample(3, 0, 0, 16, 100), series.Sample());
    }

    [Fact]
    public async Task Never_lets_a_counter_fall_while_connections_come_and_go()
    {
        var series = new TcpSeries("");
        Task[] writers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (int round = 0; round < 20_000; round++)
            {
                var traffic = new FakeTraffic();
                TcpSeries.LiveEntry entry = series.Open(traffic);
                traffic.ToUpstream = 3;
                series.Close(entry);
            }
        }))];
        Task written = Task.WhenAll(writers);
        long last = 0;
        while (!written.IsCompleted)
        {
            long now = series.Sample().ReceivedBytes;
            Assert.True(now >= last);
            last = now;
        }

        await written;
        Assert.Equal(120_000, series.Sample().ReceivedBytes);
    }

    [Fact]
    public void Says_unstable_in_the_help_of_every_family_that_is()
    {
        string[] stable =
        [
            "istio_build", "istio_tcp_connections_opened", "istio_tcp_connections_closed", "istio_tcp_received_bytes",
            "istio_tcp_sent_bytes", "process_open_fds", "process_max_fds",
        ];
        MetricDefinition[] all =
        [
            .. typeof(MetricCatalogue).GetProperties(BindingFlags.Static | BindingFlags.Public)
                .Select(property => (MetricDefinition)property.GetValue(null)!),
        ];

        Assert.All(all, definition => Assert.Equal(
            !stable.Contains(definition.Name), definition.Help.Contains("unstable", StringComparison.Ordinal)));
        Assert.All(all, definition => Assert.False(definition.Name.EndsWith("_total", StringComparison.Ordinal)));
        Assert.Superset(stable.ToHashSet(), all.Select(definition => definition.Name).ToHashSet());
    }

    [Fact]
    public void Prints_build_sockets_and_process()
    {
        var sockets = new SocketGauge();
        sockets.Opened(TrafficDirection.Outbound);
        sockets.Opened(TrafficDirection.Outbound);
        sockets.Closed(TrafficDirection.Outbound);
        sockets.Opened(TrafficDirection.Inbound);
        string text = Scrape(sockets, new BuildMetric(null), new ProcessMetrics());

        Assert.Contains("istio_tcp_sockets_open{reporter=\"source\"} 1\nistio_tcp_sockets_open{reporter=\"destination\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("istio_build{component=\"ztunnel\",tag=\"unknown\"} 1\n", text, StringComparison.Ordinal);
        Assert.Matches("process_open_fds [1-9]", text);
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024L)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             1                    2                    processes ", null)]
    public void Reads_the_soft_limit_of_descriptors(string line, long? expected) =>
        Assert.Equal(expected, ProcessMetrics.ReadLimit(["Limit  Soft  Hard", line]));
}
