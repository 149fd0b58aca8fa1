using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Otlp;

namespace Ambient.InProcessTests.Otlp;

/// <summary>Spans and metrics of two nodes at a collector.</summary>
public sealed class OtlpExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tunnelled_connection_is_one_trace_of_two_spans_and_metrics_arrive_under_their_names(bool isGrpc)
    {
        await using ScriptedCollector collector = await ScriptedCollector.StartAsync(isGrpc);
        await using TestCluster cluster = new();
        cluster.StartServerApplication();
        await cluster.StartServerAsync([.. collector.Settings, ("OTEL_SERVICE_NAME", "server")]);
        TestNode client = await cluster.StartClientAsync([.. collector.Settings, ("OTEL_SERVICE_NAME", "client")]);

        await Requests.ExchangeAsync(cluster.Forward(1), Requests.Hello);
        await collector.WaitUntilAsync(() => collector.Spans.Count() == 2);

        IReadOnlyList<ProtoField> outbound = collector.Spans.Single(span => span.Service == "client").Span;
        IReadOnlyList<ProtoField> inbound = collector.Spans.Single(span => span.Service == "server").Span;
        Assert.Equal(("outbound", "inbound"), (Field(outbound, 5).Text, Field(inbound, 5).Text));
        Assert.Equal(Field(outbound, 1).Hex, Field(inbound, 1).Hex);
        Assert.Equal(Field(outbound, 2).Hex, Field(inbound, 4).Hex);
        Assert.DoesNotContain(outbound, field => field.Number == 4);
        Dictionary<string, string> attributes = ProtoField.Attributes(inbound, 9);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/client", attributes["src.identity"]);
        Assert.Equal(("22", "11"), (attributes["bytes_sent"], attributes["bytes_recv"]));

        await collector.WaitUntilAsync(() => collector.Metrics.Any(metric =>
            metric.Service == "client" && metric.Metric[0].Text == "istio_tcp_connections_closed"));
        Assert.Contains(collector.Metrics, metric => metric.Metric[0].Text == "istio_build");
        Assert.All(collector.Received, request => Assert.Equal("a b", request.Token));
        Assert.Equal(1, await client.MetricAsync("ambient_otlp_spans_exported_total"));
    }

    [Fact]
    public async Task A_connection_whose_peer_did_not_sample_it_is_not_exported()
    {
        await using ScriptedCollector collector = await ScriptedCollector.StartAsync();
        await using (TestCluster cluster = new())
        {
            cluster.StartServerApplication();
            TestNode server = await cluster.StartServerAsync([.. collector.Settings, ("OTEL_SERVICE_NAME", "server")]);
            await cluster.StartClientAsync();
            await Requests.ExchangeAsync(cluster.Forward(1), Requests.Hello);
            await server.Log.WaitForAsync("connection complete", "direction=\"inbound\"");
        }

        // A node exports what it still has when it ends.
        Assert.Empty(collector.Spans);
        Assert.NotEmpty(collector.Metrics);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_wait_for_a_collector_that_is_away_for_a_while(bool isGrpc)
    {
        await using ScriptedCollector collector = await ScriptedCollector.StartAsync(isGrpc);
        collector.Status = 503;
        await using TestCluster cluster = new();
        cluster.StartPlainApplication();
        TestNode client = await cluster.StartClientAsync([.. collector.Settings]);

        await Requests.ExchangeAsync(cluster.Forward(3), Requests.Hello);
        await client.Log.WaitForAsync("export failed", "signal=\"spans\"", "hint=");
        Assert.True(await client.MetricAsync("ambient_otlp_export_failures_total", "signal=\"spans\"") >= 1);
        collector.Status = 200;

        await client.Log.WaitForAsync("export works again", "signal=\"spans\"");
        Assert.Equal("outbound", Field(Assert.Single(collector.Spans).Span, 5).Text);
        Assert.Equal(0, await client.MetricAsync("ambient_otlp_spans_dropped_total"));
    }

    [Fact]
    public async Task Spans_that_the_collector_refuses_for_good_are_counted_as_lost()
    {
        await using ScriptedCollector collector = await ScriptedCollector.StartAsync();
        collector.Status = 400;
        await using TestCluster cluster = new();
        cluster.StartPlainApplication();
        TestNode client = await cluster.StartClientAsync([.. collector.Settings]);

        await Requests.ExchangeAsync(cluster.Forward(3), Requests.Hello);
        await client.Log.WaitForAsync("export failed", "signal=\"spans\"", "status 400");

        Assert.Equal(1, await client.MetricAsync("ambient_otlp_spans_dropped_total"));
    }

    private static ProtoField Field(IEnumerable<ProtoField> message, int number) => message.Single(field => field.Number == number);
}
