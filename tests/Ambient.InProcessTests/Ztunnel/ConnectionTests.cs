using System.Net.Sockets;
using System.Text;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>Connections through two nodes, as node-proxy 11.1 and 11.2 list them.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private TestNode _client = null!;
    private TestNode _server = null!;

    public async Task InitializeAsync()
    {
        _cluster.StartServerApplication();
        _server = await _cluster.StartServerAsync();
        _client = await _cluster.StartClientAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_request_to_a_workload_or_its_service_is_answered_through_the_tunnel_and_counted_on_both_sides(int forward)
    {
        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_cluster.Forward(forward), Requests.Hello));

        string outbound = await _client.Log.WaitForAsync("connection complete", "direction=\"outbound\"");
        string inbound = await _server.Log.WaitForAsync("connection complete", "direction=\"inbound\"");
        foreach (string line in new[] { outbound, inbound })
        {
            Assert.Contains("src.identity=\"spiffe://cluster.local/ns/shop/sa/client\"", line, StringComparison.Ordinal);
            Assert.Contains("dst.identity=\"spiffe://cluster.local/ns/shop/sa/server\"", line, StringComparison.Ordinal);
        }

        Assert.Contains($"dst.addr={_cluster.ServerAddress}:15008 dst.hbone_addr={_cluster.ServerAddress}:8080", outbound, StringComparison.Ordinal);
        Assert.Contains("bytes_sent=11 bytes_recv=22", outbound, StringComparison.Ordinal);
        Assert.Contains("bytes_sent=22 bytes_recv=11", inbound, StringComparison.Ordinal);
        foreach ((TestNode node, string reporter) in new[] { (_client, "reporter=\"source\""), (_server, "reporter=\"destination\"") })
        {
            Assert.Equal(1, await node.MetricAsync("istio_tcp_connections_opened_total", reporter, "connection_security_policy=\"mutual_tls\""));
            Assert.Equal(1, await node.MetricAsync("istio_tcp_connections_closed_total", reporter, "response_flags=\"-\""));
            Assert.Equal(11, await node.MetricAsync("istio_tcp_received_bytes_total", reporter));
            Assert.Equal(22, await node.MetricAsync("istio_tcp_sent_bytes_total", reporter));
        }
    }

    [Fact]
    public async Task A_connection_is_counted_as_opened_with_its_bytes_while_it_is_open_and_as_closed_afterwards()
    {
        using (Socket open = await Requests.ConnectAsync(_cluster.Forward(1)))
        {
            await open.SendAsync("hello world"u8.ToArray());
            Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ReceiveAsync(open, 22));
            Assert.Equal(1, await _client.MetricAsync("istio_tcp_connections_opened_total"));
            Assert.Equal(11, await _client.MetricAsync("istio_tcp_received_bytes_total"));
            Assert.Equal(22, await _client.MetricAsync("istio_tcp_sent_bytes_total"));
            Assert.Equal(0, await _client.MetricAsync("istio_tcp_connections_closed_total"));
        }

        await _client.Log.WaitForAsync("connection complete", "direction=\"outbound\"");
        Assert.Equal(1, await _client.MetricAsync("istio_tcp_connections_closed_total"));
        Assert.Equal(1, await _client.MetricAsync("istio_tcp_connections_opened_total"));
    }

    [Fact]
    public async Task A_workload_without_HBONE_is_reached_in_plaintext_and_no_identity_is_logged()
    {
        _cluster.StartPlainApplication();

        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_cluster.Forward(3), Requests.Hello));

        string line = await _client.Log.WaitForAsync("connection complete", "direction=\"outbound\"");
        Assert.Contains("dst.workload=\"plain\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain("identity", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_was_on_its_way_to_the_listener_itself_is_refused_and_not_relayed_without_end()
    {
        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(6), Requests.Hello));

        Assert.Contains("attempted recursive call to ourselves", await _client.Log.WaitForAsync("connection failed"), StringComparison.Ordinal);
        Assert.Equal(0, await _client.MetricAsync("istio_tcp_connections_opened_total"));
    }

    [Fact]
    public async Task A_service_without_endpoints_is_refused_with_its_reason_and_the_next_step()
    {
        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(7), Requests.Hello));

        string line = await _client.Log.WaitForAsync("connection failed");
        Assert.Contains("no healthy upstream", line, StringComparison.Ordinal);
        Assert.Contains("hint=", line, StringComparison.Ordinal);
        Assert.Equal(0, await _client.MetricAsync("istio_tcp_connections_opened_total"));
    }

    [Fact]
    public async Task A_destination_that_nobody_listens_on_fails_at_the_far_end_and_is_counted_as_failed()
    {
        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(8), Requests.Hello));

        string inbound = await _server.Log.WaitForAsync("connection complete", "direction=\"inbound\"");
        Assert.Contains("error=\"connection failed:", inbound, StringComparison.Ordinal);
        string outbound = await _client.Log.WaitForAsync("connection complete", "direction=\"outbound\"");
        Assert.Contains("error=\"http status: 503\"", outbound, StringComparison.Ordinal);
        Assert.Equal(1, await _client.MetricAsync("istio_tcp_connections_failed_total", "response_flags=\"CONNECT\""));
    }

    [Fact]
    public async Task A_call_to_the_proxys_own_port_is_refused()
    {
        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(5), Requests.Hello));

        Assert.Contains("attempted recursive call to ourselves", await _client.Log.WaitForAsync("connection failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_close_passes_through_and_the_answer_comes_after_it()
    {
        using Socket socket = await Requests.ConnectAsync(_cluster.Forward(1));
        await socket.SendAsync(Encoding.ASCII.GetBytes("first"));
        Assert.Equal("firstfirst", await Requests.ReceiveAsync(socket, 10));
        socket.Shutdown(SocketShutdown.Send);

        Assert.True(await Requests.IsCutAsync(socket));
    }

    [Fact]
    public async Task Connections_of_one_pod_pair_share_a_tunnel()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("xx", await Requests.ExchangeAsync(_cluster.Forward(1), "x"));
        }

        string[] tunnels = [.. _server.Log.Lines.Where(line => line.Contains("connection complete", StringComparison.Ordinal))
            .Select(line => line.Split("src.addr=")[1].Split(' ')[0]).Distinct()];
        Assert.InRange(tunnels.Length, 1, 2);
    }
}
