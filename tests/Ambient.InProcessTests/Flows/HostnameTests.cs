using System.Net;
using System.Net.Sockets;
using Ambient.InProcessTests.Ztunnel;

namespace Ambient.InProcessTests.Flows;

/// <summary>Workloads that have a host name and no address (node-proxy 2.3.4, 11.2). "localhost" is a name that every system resolves.</summary>
public sealed class HostnameTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_workload_with_a_name_only_is_reached_behind_its_service_and_every_lookup_is_counted()
    {
        int port = FreePort();
        await using Application application = new(new IPEndPoint(IPAddress.Loopback, port), string.Empty);
        TestNode client = await StartAsync("localhost", port);

        Assert.Equal("xx", await Requests.ExchangeAsync(_rig.Forward(1, 1), "x"));
        Assert.Equal("yy", await Requests.ExchangeAsync(_rig.Forward(1, 1), "y"));

        Assert.Equal(2, await client.MetricAsync("istio_on_demand_dns_total", "hostname=\"localhost\"", "source_workload=\"client\"", "source_principal=\"spiffe://cluster.local/ns/shop/sa/client\""));
        Assert.Contains($"dst.addr=127.0.0.1:{port} dst.service=\"named.shop\"", await client.Log.WaitForAsync("connection complete"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_refused_and_counted()
    {
        TestNode client = await StartAsync("no-such-host..invalid", 8080);

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        string line = await client.Log.WaitForAsync("connection failed");
        Assert.Contains("error=\"no ip addresses were resolved for workload: named\"", line, StringComparison.Ordinal);
        Assert.Contains("error.reason=\"NameResolution\"", line, StringComparison.Ordinal);
        Assert.Equal(1, await client.MetricAsync("istio_on_demand_dns_total"));
    }

    private Task<TestNode> StartAsync(string hostname, int port) => _rig.StartNodeAsync(
        1,
        "client",
        "workloads:\n" + _rig.Workload(1, "client")
            + $$"""
              - { uid: c//Pod/shop/named, name: named, namespace: shop, protocol: TCP, workloadIps: [], hostname: {{hostname}}, services: { shop/named.shop: { 80: {{port}} } } }
            services:
              - { name: named, namespace: shop, hostname: named.shop, vips: ["/{{_rig.Vip(1)}}"], ports: { 80: {{port}} } }
            """,
        [new IPEndPoint(_rig.Vip(1), 80)]);

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
