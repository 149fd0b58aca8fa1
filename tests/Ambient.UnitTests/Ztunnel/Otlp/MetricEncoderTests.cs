using System.Text;
using Ambient.Testing.Otlp;
using Ambient.UnitTests.Ztunnel.Telemetry;
using Ambient.Ztunnel.Otlp;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Otlp;

public sealed class MetricEncoderTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddSeconds(1);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(3);

    [Fact]
    public async Task Exports_every_sample_of_a_scrape_with_its_labels()
    {
        TcpMetrics metrics = new();
        metrics.SeriesOf(new TcpLabels(Sample.Outbound, ResponseFlag.None)).Open(new FakeTraffic { ToUpstream = 42 });

        List<byte[]> requests = await EncodeAsync(MetricsTests.Scrape(metrics, new BuildMetric("1.2")));

        IReadOnlyList<ProtoField>[] exported = [.. ProtoField.Find(Assert.Single(requests), 1, 2, 2)];
        IReadOnlyList<ProtoField> received = exported.Single(metric => metric[0].Text == "istio_tcp_received_bytes");
        IReadOnlyList<ProtoField> sum = received.Single(field => field.Number == 7).Message;
        Assert.Equal((2UL, 1UL), (sum.Single(field => field.Number == 2).Scalar, sum.Single(field => field.Number == 3).Scalar));
        IReadOnlyList<ProtoField> point = sum.Single(field => field.Number == 1).Message;
        Assert.Equal(
            (1_000_000_000UL, 3_000_000_000UL, 42d),
            (point.Single(field => field.Number == 2).Scalar, point.Single(field => field.Number == 3).Scalar, point.Single(field => field.Number == 4).Double));
        Dictionary<string, string> labels = ProtoField.Attributes(point, 7);
        Assert.Equal(("source", "web", "mutual_tls"), (labels["reporter"], labels["source_workload"], labels["connection_security_policy"]));
        Assert.Contains(exported, metric => metric[0].Text == "istio_build" && metric.Any(field => field.Number == 5));
    }

    [Fact]
    public async Task Exports_histograms_bucket_by_bucket()
    {
        const string Text = """
            # HELP h Time (unstable).
            # TYPE h histogram
            h_sum{a="1"} 2.5
            h_count{a="1"} 7
            h_bucket{a="1",le="0.001"} 2
            h_bucket{a="1",le="1.0"} 5
            h_bucket{a="1",le="+Inf"} 7
            h_sum{a="2"} 0
            h_count{a="2"} 0
            h_bucket{a="2",le="0.001"} 0
            h_bucket{a="2",le="+Inf"} 0
            # EOF
            """;

        IReadOnlyList<ProtoField>[] points = [.. ProtoField.Find((await EncodeAsync(Text)).Single(), 1, 2, 2, 9, 1)];

        Assert.Equal(2, points.Length);
        Assert.Equal((7UL, 2.5), (points[0].Single(field => field.Number == 4).Scalar, points[0].Single(field => field.Number == 5).Double));
        Assert.Equal([2UL, 3UL, 2UL], Packed(points[0], 6));
        Assert.Equal([0.001, 1.0], Packed(points[0], 7).Select(BitConverter.UInt64BitsToDouble));
        Assert.Equal("1", Assert.Single(ProtoField.Attributes(points[0], 9)).Value);
    }

    [Fact]
    public async Task Splits_a_large_scrape_into_requests_that_collectors_take_and_loses_no_sample()
    {
        var text = new StringBuilder("# HELP c C.\n# TYPE c counter\n");
        for (int number = 0; number < 20_000; number++)
        {
            text.Append($"c_total{{name=\"{new string('x', 200)}{number}\"}} {number}\n");
        }

        List<byte[]> requests = await EncodeAsync(text.Append("# EOF\n").ToString());

        Assert.InRange(requests.Count, 4, 20);
        Assert.All(requests, request => Assert.InRange(request.Length, 1, 2 * MetricEncoder.RequestBytes));
        Assert.Equal(20_000, requests.Sum(request => ProtoField.Find(request, 1, 2, 2, 7, 1).Count()));
    }

    [Fact]
    public void Reads_back_every_label_value_that_can_be_written()
    {
        Random random = new(11);
        for (int round = 0; round < 2_000; round++)
        {
            string[] values = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomText(random))];
            var labels = new LabelText();
            for (int index = 0; index < values.Length; index++)
            {
                labels.Add($"l{index}", values[index]);
            }

            ScrapedFamily family = Assert.Single(ScrapeReader.Read(Encoding.UTF8.GetBytes(
                $"# HELP c C.\n# TYPE c counter\nc_total{{{labels}}} {round}\n# EOF\n")));

            ScrapedSample sample = Assert.Single(family.Samples);
            Assert.Equal(values, sample.Labels.Select(label => label.Value));
            Assert.Equal(("_total", (double)round), (sample.Suffix, sample.Value));
        }
    }

    private static string RandomText(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => "ab\\\"\n,={} é#"[random.Next(12)])]);

    private static IEnumerable<ulong> Packed(IEnumerable<ProtoField> point, int number) =>
        point.Single(field => field.Number == number).Bytes.Chunk(8).Select(bytes => BitConverter.ToUInt64(bytes));

    private static async Task<List<byte[]>> EncodeAsync(string scrape)
    {
        List<byte[]> requests = [];
        MetricEncoder encoder = new(new OtlpResource([], "1"), Start);
        await encoder.EncodeAsync(ScrapeReader.Read(Encoding.UTF8.GetBytes(scrape)), Now, new ProtobufWriter(), message =>
        {
            requests.Add(message.ToArray());
            return Task.CompletedTask;
        });
        return requests;
    }
}
