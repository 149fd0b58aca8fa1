using System.Net;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Mesh.Dns;

namespace Ambient.InProcessTests.Dns;

/// <summary>node-proxy 11.2, test_dns_metrics, and the DNS log of 8.5: the whole program in dedicated mode.</summary>
public sealed class DnsMetricsTests
{
    [Fact]
    public async Task Queries_are_counted_and_logged()
    {
        await using TestCluster cluster = new();
        string resolvConf = Path.GetTempFileName();
        try
        {
            // A file can name no port: nothing answers at this address, so what is forwarded fails.
            await File.WriteAllTextAsync(resolvConf, "nameserver 127.80.255.254\noptions timeout:1 attempts:1\n");
            TestNode node = await cluster.StartClientAsync(("AMBIENT_RESOLV_CONF", resolvConf), ("RUST_LOG", "info,dns=debug"));
            IPEndPoint server = new(cluster.ClientAddress, 15053);

            DnsMessage known = await DnsCaller.AskAsync(server, "web.shop", DnsType.A);
            DnsMessage unknown = await DnsCaller.AskAsync(server, "nowhere.example", DnsType.Txt, isTcp: true);

            Assert.Single(known.Answers);
            Assert.Equal(DnsResponseCode.ServerFailure, unknown.Code);
            string[] labels = ["request_query_type=\"a\"", "request_protocol=\"udp\"", "source_canonical_service=\"client\"", "source_canonical_revision=\"unknown\""];
            Assert.Equal(1, await node.MetricAsync("istio_dns_requests_total", labels));
            Assert.Equal(0, await node.MetricAsync("istio_dns_upstream_requests_total", labels));
            Assert.Equal(1, await node.MetricAsync("istio_dns_upstream_requests_total", "request_query_type=\"txt\"", "request_protocol=\"tcp\""));
            Assert.Equal(1, await node.MetricAsync("istio_dns_upstream_failures_total", "request_protocol=\"tcp\""));
            Assert.Equal(1, await node.MetricAsync("istio_dns_upstream_request_duration_seconds_count"));
            Assert.Equal(1, await node.MetricAsync("istio_dns_upstream_request_duration_seconds_bucket", "le=\"+Inf\""));
            await node.Log.WaitForAsync("src.workload=\"client\" src.namespace=\"shop\" query=\"A\" domain=\"web.shop.\" result=\"success\" endpoints=1");
            await node.Log.WaitForAsync("query=\"TXT\" domain=\"nowhere.example.\" result=\"forwarding failed (");
        }
        finally
        {
            File.Delete(resolvConf);
        }
    }
}
