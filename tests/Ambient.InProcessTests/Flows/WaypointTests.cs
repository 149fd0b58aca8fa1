using System.Net;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Flows;

namespace Ambient.InProcessTests.Flows;

/// <summary>Destinations with a waypoint (node-proxy 11.1): host 1 is the client, 2 the server, 3 the waypoint, which is no ztunnel.</summary>
public sealed class WaypointTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();
    private ScriptedPeer _waypoint = null!;

    public async Task InitializeAsync()
    {
        _rig.StartApplication(3, banner: "waypoint\n");
        _waypoint = await _rig.StartPeerAsync(3, "waypoint");
        _waypoint.RelayTo = new IPEndPoint(_rig.Host(3), 8080);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_workload_with_a_waypoint_is_reached_through_it_and_the_report_names_the_waypoint()
    {
        TestNode client = await StartClientAsync(
            new IPEndPoint(_rig.Host(2), 8080),
            _rig.Workload(2, "server", $"services: {{}}, waypoint: {{ destination: /{_rig.Host(3)}, hboneMtlsPort: 15008 }}") + _rig.Workload(3, "waypoint"));

        Assert.Equal("waypoint\n" + Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        Assert.Equal($"{_rig.Host(2)}:8080", Assert.Single(_waypoint.Seen).Authority);
        string line = await client.Log.WaitForAsync("connection complete");
        Assert.Contains($"dst.addr={_rig.Host(3)}:15008 dst.hbone_addr={_rig.Host(2)}:8080 dst.workload=\"waypoint\"", line, StringComparison.Ordinal);
        Assert.Contains("src.identity=\"spiffe://cluster.local/ns/shop/sa/client\"", line, StringComparison.Ordinal);
        Assert.Contains("dst.identity=\"spiffe://cluster.local/ns/shop/sa/waypoint\"", line, StringComparison.Ordinal);
        Assert.Equal(11, await client.MetricAsync("istio_tcp_received_bytes_total"));
        Assert.Equal(31, await client.MetricAsync("istio_tcp_sent_bytes_total"));
    }

    [Fact]
    public async Task A_service_with_a_waypoint_is_reached_through_it_with_the_address_that_was_asked_for()
    {
        TestNode client = await StartClientAsync(
            Vip,
            _rig.Workload(2, "server", "services: { shop/web.shop: { 80: 8080 } }") + _rig.Workload(3, "waypoint"),
            $$"""  - { name: web, namespace: shop, hostname: web.shop, vips: ["/{{_rig.Vip(1)}}"], ports: { 80: 8080 }, waypoint: { destination: "/{{_rig.Host(3)}}", hboneMtlsPort: 15008 } }""");

        Assert.StartsWith("waypoint\n", await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello), StringComparison.Ordinal);

        Assert.Equal($"{_rig.Vip(1)}:80", Assert.Single(_waypoint.Seen).Authority);
        Assert.EndsWith(";host=web.shop", Assert.Single(_waypoint.Seen).Forwarded!, StringComparison.Ordinal);
        string line = await client.Log.WaitForAsync("connection complete");
        Assert.Contains($"dst.hbone_addr={_rig.Vip(1)}:80 dst.service=\"web.shop\" dst.workload=\"waypoint\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waypoint_given_by_the_host_name_of_its_service_is_reached_at_one_of_its_pods()
    {
        await StartClientAsync(
            new IPEndPoint(_rig.Host(2), 8080),
            _rig.Workload(2, "server", "services: {}, waypoint: { destination: shop/waypoint.shop, hboneMtlsPort: 15008 }")
                + _rig.Workload(3, "waypoint", "services: { shop/waypoint.shop: { 15008: 15008 } }"),
            $$"""  - { name: waypoint, namespace: shop, hostname: waypoint.shop, vips: [], ports: { 15008: 15008 } }""");

        Assert.StartsWith("waypoint\n", await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello), StringComparison.Ordinal);
        Assert.Equal($"{_rig.Host(2)}:8080", Assert.Single(_waypoint.Seen).Authority);
    }

    [Fact]
    public async Task A_waypoint_given_by_the_host_name_of_a_workload_is_reached_at_its_address()
    {
        await StartClientAsync(
            new IPEndPoint(_rig.Host(2), 8080),
            _rig.Workload(2, "server", "services: {}, waypoint: { destination: shop/waypoint.example.com, hboneMtlsPort: 15008 }")
                + _rig.Workload(3, "waypoint", "hostname: waypoint.example.com, services: {}"));

        Assert.StartsWith("waypoint\n", await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello), StringComparison.Ordinal);
        Assert.Equal($"{_rig.Host(2)}:8080", Assert.Single(_waypoint.Seen).Authority);
    }

    [Fact]
    public async Task An_unhealthy_waypoint_is_not_gone_around_and_one_that_is_used_whatever_its_health_is_reached()
    {
        string Service(string policy) =>
            $$"""
              - { name: web, namespace: shop, hostname: web.shop, vips: ["/{{_rig.Vip(1)}}"], ports: { 80: 8080 }, waypoint: { destination: "shop/waypoint.shop", hboneMtlsPort: 15008 } }
              - { name: waypoint, namespace: shop, hostname: waypoint.shop, vips: [], ports: { 15008: 15008 }, loadBalancer: { routingPreferences: [], mode: Standard, healthPolicy: {{policy}} } }
            """;
        string workloads = _rig.Workload(2, "server", "services: { shop/web.shop: { 80: 8080 } }")
            + _rig.Workload(3, "waypoint", "status: Unhealthy, services: { shop/waypoint.shop: { 15008: 15008 } }");
        TestNode client = await StartClientAsync(Vip, workloads, Service("OnlyHealthy"));

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));
        string line = await client.Log.WaitForAsync("connection failed", "unknown waypoint");
        Assert.Contains("error.reason=\"UnknownWaypoint\"", line, StringComparison.Ordinal);
        Assert.Empty(_waypoint.Seen);

        int applied = Applied(client);
        _rig.WriteMesh("client", Mesh(workloads, Service("AllowAll")));
        await Hbone.HboneRig.UntilAsync(() => Applied(client) > applied);
        Assert.StartsWith("waypoint\n", await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_request_to_a_service_reaches_one_endpoint_and_many_reach_both()
    {
        Application here = _rig.StartApplication(4);
        Application there = _rig.StartApplication(5);
        string mesh = Mesh(
            _rig.Workload(4, "here", "services: { shop/web.shop: { 80: 8080 } }") + _rig.Workload(5, "there", "services: { shop/web.shop: { 80: 8080 } }"),
            $$"""  - { name: web, namespace: shop, hostname: web.shop, vips: ["/{{_rig.Vip(1)}}"], ports: { 80: 8080 } }""");
        TestNode first = await _rig.StartNodeAsync(4, "here", mesh, []);
        TestNode second = await _rig.StartNodeAsync(5, "there", mesh, []);
        TestNode client = await _rig.StartNodeAsync(1, "client", mesh, [Vip]);

        Assert.Equal("xx", await Requests.ExchangeAsync(_rig.Forward(1, 1), "x"));
        Assert.Equal(1, here.Callers.Count + there.Callers.Count);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("yy", await Requests.ExchangeAsync(_rig.Forward(1, 1), "y"));
        }

        Assert.False(here.Callers.IsEmpty || there.Callers.IsEmpty);
        string[] service = ["destination_service=\"web.shop\"", "destination_service_namespace=\"shop\"", "destination_service_name=\"web\""];
        Assert.Equal(51, await client.MetricAsync("istio_tcp_connections_opened_total", service));
        Assert.Equal(
            51,
            await first.MetricAsync("istio_tcp_connections_opened_total", service) + await second.MetricAsync("istio_tcp_connections_opened_total", service));
    }

    private IPEndPoint Vip => new(_rig.Vip(1), 80);

    private Task<TestNode> StartClientAsync(IPEndPoint destination, string workloads, string services = "") =>
        _rig.StartNodeAsync(1, "client", Mesh(workloads, services), [destination]);

    private string Mesh(string workloads, string services) =>
        "workloads:\n" + _rig.Workload(1, "client") + workloads + (services.Length == 0 ? "services: []\n" : $"services:\n{services}\n");

    private static int Applied(TestNode node) => node.Log.Lines.Count(line => line.Contains("mesh state applied", StringComparison.Ordinal));
}
