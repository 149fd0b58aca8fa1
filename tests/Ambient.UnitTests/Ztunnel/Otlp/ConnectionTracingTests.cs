using Ambient.Mesh.Telemetry;
using Ambient.Testing.Otlp;
using Ambient.UnitTests.Ztunnel.Telemetry;
using Ambient.Ztunnel.Otlp;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Otlp;

public sealed class ConnectionTracingTests
{
    private static readonly TraceSampler All = new(isParentBased: true, 1);
    private static readonly ConnectionTotals Totals = new(11, 22, TimeSpan.FromMilliseconds(1500));

    [Fact]
    public void A_span_continues_the_peers_trace_and_carries_the_fields_of_the_access_line()
    {
        ConnectionTracing tracing = new(All, TimeProvider.System);
        TraceParent parent = new(UInt128.Parse("123456789012345678901234567890"), 0xAABBCCDD11223344, 1);
        tracing.Start(parent)!.End(Sample.Inbound, Totals, new ReportedFailure(ResponseFlag.Deny, "denied"));

        IReadOnlyList<ProtoField> span = Assert.Single(ProtoField.Find(Encode(tracing), 1, 2, 2));

        Assert.Equal(parent.TraceId.ToString("x32"), Field(span, 1).Hex);
        Assert.Equal("aabbccdd11223344", Field(span, 4).Hex);
        Assert.Equal((8, "inbound", 2UL), (Field(span, 2).Bytes.Length, Field(span, 5).Text, Field(span, 6).Scalar));
        Assert.Equal(1_500_000_000UL, Field(span, 8).Scalar - Field(span, 7).Scalar);
        Dictionary<string, string> attributes = ProtoField.Attributes(span, 9);
        Assert.Equal("10.0.0.1:40000", attributes["src.addr"]);
        Assert.Equal("api.shop.svc.cluster.local", attributes["dst.service"]);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/web", attributes["src.identity"]);
        Assert.Equal(("22", "11", "denied"), (attributes["bytes_sent"], attributes["bytes_recv"], attributes["error"]));
        Assert.Equal(["DENY", ""], Field(span, 15).Message.Select(field => field.Text));
        Assert.Equal(2UL, Field(span, 15).Message[1].Scalar);
    }

    [Fact]
    public void A_connection_without_a_peers_trace_begins_one_and_success_has_no_status()
    {
        ConnectionTracing tracing = new(All, TimeProvider.System);
        ConnectionSpan started = tracing.Start(null)!;
        started.End(Sample.Outbound, Totals, default);

        IReadOnlyList<ProtoField> span = Assert.Single(ProtoField.Find(Encode(tracing), 1, 2, 2));

        Assert.Equal($"00-{Field(span, 1).Hex}-{Field(span, 2).Hex}-01", started.Context.ToString());
        Assert.DoesNotContain(span, field => field.Number is 4 or 15);
        Assert.Equal(3UL, Field(span, 6).Scalar);
    }

    [Fact]
    public void Names_the_resource()
    {
        byte[] request = Encode(new ConnectionTracing(All, TimeProvider.System));

        Assert.Equal("node-a", ProtoField.Attributes(ProtoField.Find(request, 1, 1).Single(), 1)["k8s.node.name"]);
        Assert.Equal("ambient.ztunnel", Field(ProtoField.Find(request, 1, 2, 1).Single(), 1).Text);
    }

    [Fact]
    public void Keeps_a_bounded_number_of_ended_spans_and_counts_the_rest()
    {
        ConnectionTracing tracing = new(All, TimeProvider.System);
        for (int round = 0; round < ConnectionTracing.MaxWaiting + 10; round++)
        {
            tracing.Start(null)!.End(Sample.Outbound, Totals, default);
        }

        Assert.Equal(10, tracing.Dropped);
        int kept = 0;
        for (; tracing.TryTake(out _); kept++)
        {
        }

        Assert.Equal(ConnectionTracing.MaxWaiting, kept);
        Assert.Contains("ambient_otlp_spans_dropped_total 10\n", MetricsTests.Scrape(tracing), StringComparison.Ordinal);
    }

    private static byte[] Encode(ConnectionTracing tracing)
    {
        List<ConnectionSpan> spans = [];
        while (tracing.TryTake(out ConnectionSpan? span))
        {
            spans.Add(span);
        }

        ProtobufWriter writer = new();
        new SpanEncoder(new OtlpResource([new("k8s.node.name", "node-a"), new("k8s.pod.name", null)], "1.0")).Encode(spans, writer);
        return writer.Written.ToArray();
    }

    private static ProtoField Field(IEnumerable<ProtoField> message, int number) => message.Single(field => field.Number == number);
}
