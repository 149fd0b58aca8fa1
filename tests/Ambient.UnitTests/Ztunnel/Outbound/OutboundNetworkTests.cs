using System.Net;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Outbound;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Ztunnel.Outbound;

/// <summary>Destinations on another network (node-proxy 1.7, 2.3 steps 3 and 6, 11.3).</summary>
public class OutboundNetworkTests
{
    private const string RemoteIdentity = "spiffe://cluster.local/ns/shop/sa/example";

    private static readonly Workload Source = Pod("source", "127.0.0.1");

    private static readonly Service Example = ServiceAt("example", "127.0.0.3", 80, 8080) with
    {
        Hostname = "example.com",
        SubjectAltNames = [RemoteIdentity],
    };

    private static readonly Workload Remote = Pod("remote").EndpointOf(Example) with { Uid = "remote/SplitHorizonWorkload", Network = "remote" };

    [Fact]
    public void An_endpoint_on_another_network_without_a_gateway_is_refused()
    {
        Workload addressed = Remote with { Addresses = [Ip("10.0.0.1")] };
        AssertRefused(Decide(new TestMesh().With(Example).With(addressed)), "no valid routing destination for workload: remote");
        AssertRefused(Decide(new TestMesh().With(Example).With(Remote)), "no healthy upstream: 127.0.0.3:80");
    }

    [Fact]
    public void Through_a_gateway_by_address()
    {
        Workload gateway = Pod("gateway", "10.22.1.1") with { Network = "remote" };
        Workload remote = Remote with { NetworkGateway = GatewayAt("remote/10.22.1.1", 15009) };
        OutboundRoute route = Decide(new TestMesh().With(Example).With(gateway, remote));
        AssertDouble(route, "10.22.1.1:15009", gateway.Identity);
        Assert.Equal(gateway, route.NextHop);
        Assert.Equal(Example, route.IntendedService);
    }

    [Fact]
    public void Through_a_gateway_by_virtual_address_with_its_services_identities()
    {
        Service gatewayService = ServiceAt("gw", "remote/10.22.1.1", 15009, 15018) with { SubjectAltNames = ["spiffe://cluster.local/ns/infra/sa/gw"] };
        Workload gateway = Pod("gateway", "10.22.9.9").EndpointOf(gatewayService);
        Workload remote = Remote with { NetworkGateway = GatewayAt("remote/10.22.1.1", 15009) };
        AssertDouble(
            Decide(new TestMesh().With(Example, gatewayService).With(gateway, remote)),
            "10.22.9.9:15018",
            new SpiffeId(TrustDomain, "infra", "gw"),
            gateway.Identity);
    }

    [Fact]
    public void Through_a_gateway_by_host_name_of_a_service_or_of_a_workload()
    {
        Service gatewayService = ServiceAt("gw", "127.0.0.4", 15008, 15008);
        Workload gateway = Pod("gateway", "127.0.0.5").EndpointOf(gatewayService);
        Workload remote = Remote with { NetworkGateway = GatewayAt(gatewayService) };
        AssertDouble(Decide(new TestMesh().With(Example, gatewayService).With(gateway, remote)), "127.0.0.5:15008", gateway.Identity);

        Workload named = Pod("gateway", "127.0.0.6") with { Hostname = gatewayService.Hostname };
        AssertDouble(Decide(new TestMesh().With(Example).With(named, remote)), "127.0.0.6:15008", named.Identity);
    }

    [Fact]
    public void Through_a_gateway_to_a_waypoint_on_the_other_network()
    {
        Service waypointService = ServiceAt("wp", "127.0.0.7", 15008, 15008) with { SubjectAltNames = ["spiffe://cluster.local/ns/shop/sa/wp"] };
        Workload gateway = Pod("gateway", "10.22.1.1") with { Network = "remote" };
        Workload waypoint = Pod("waypoint").EndpointOf(waypointService) with
        {
            Network = "remote",
            NetworkGateway = GatewayAt("remote/10.22.1.1", 15009),
        };
        Service behind = Example with { Waypoint = GatewayAt(waypointService) };
        DoubleTunnelRoute route = Assert.IsType<DoubleTunnelRoute>(Decide(new TestMesh().With(behind, waypointService).With(gateway, waypoint)));
        Assert.Equal((IPEndPoint.Parse("10.22.1.1:15009"), "example.com:80"), (route.GatewayEndPoint, route.Authority));
        Assert.Equal([new SpiffeId(TrustDomain, Namespace, "wp")], route.InnerIdentities.AsEnumerable());
        Assert.Equal(behind, route.IntendedService);
    }

    [Fact]
    public void The_inner_tunnel_expects_the_services_identities_only()
    {
        Workload gateway = Pod("gateway", "10.22.1.1") with { Network = "remote" };
        Workload remote = Remote with { NetworkGateway = GatewayAt("remote/10.22.1.1") };
        Service anonymous = Example with { SubjectAltNames = [] };
        DoubleTunnelRoute route = Assert.IsType<DoubleTunnelRoute>(Decide(new TestMesh().With(anonymous).With(gateway, remote)));
        Assert.Empty(route.InnerIdentities);
    }

    [Fact]
    public void A_gateway_that_is_not_known_is_refused()
    {
        Workload remote = Remote with { NetworkGateway = GatewayAt("remote/10.22.1.1") };
        AssertRefused(Decide(new TestMesh().With(Example).With(remote)), "unknown network gateway: remote/10.22.1.1");
    }

    [Fact]
    public void Failover_leaves_the_network_only_when_no_local_endpoint_is_healthy()
    {
        Service service = Example with { LoadBalancer = Balance(LoadBalancerMode.Failover, RoutingScope.Network) };
        Workload gateway = Pod("gateway", "10.22.1.1") with { Network = "remote" };
        Workload remote = Remote with { NetworkGateway = GatewayAt("remote/10.22.1.1", 15009) };
        Workload local = Pod("local", "127.0.0.2").EndpointOf(service);
        TunnelRoute near = Assert.IsType<TunnelRoute>(Decide(new TestMesh().With(service).With(gateway, remote, local)));
        Assert.Equal((IPEndPoint.Parse("127.0.0.2:15008"), "127.0.0.2:8080"), (near.TunnelEndPoint, near.Authority));
        AssertDouble(
            Decide(new TestMesh().With(service).With(gateway, remote, local with { Status = HealthStatus.Unhealthy })),
            "10.22.1.1:15009",
            gateway.Identity);
    }

    [Fact]
    public void A_remote_workload_that_is_reached_by_an_address_that_step_1_took_for_a_workload_needs_a_service()
    {
        Workload gateway = Pod("gateway", "10.22.1.1") with { Network = "remote" };
        Workload remote = Remote with { NetworkGateway = GatewayAt("remote/10.22.1.1") };
        AssertRefused(
            Decide(new TestMesh().With(Example).With(gateway, remote, Pod("shadow", "127.0.0.3"))),
            "no service for target address: 127.0.0.3:80");
    }

    [Fact]
    public void Step_1_looks_in_the_proxys_network_and_step_4_in_the_sources()
    {
        Service other = Example with { Vips = [Vip("net1/127.0.0.3")] };
        Workload source = Source with { Network = "net1" };
        Workload local = Pod("local", "127.0.0.2").EndpointOf(other) with { Network = "net1" };
        TunnelRoute route = Assert.IsType<TunnelRoute>(Decide(new TestMesh().With(other).With(local), source));
        Assert.Equal("127.0.0.2:8080", route.Authority);
        Assert.IsType<PlainTcpRoute>(Decide(new TestMesh().With(other), source));
    }

    private static OutboundRoute Decide(TestMesh mesh, Workload? source = null) =>
        new OutboundRouter(new OutboundRouterOptions(string.Empty, new OwnPorts(Socks: false))).Decide(
            mesh.Snapshot(),
            new OutboundRequest(source ?? Source, IPEndPoint.Parse("127.0.0.1:4000"), IPEndPoint.Parse("127.0.0.3:80")),
            new Random(1));

    private static void AssertDouble(OutboundRoute route, string gateway, params SpiffeId[] gatewayIdentities)
    {
        DoubleTunnelRoute tunnel = Assert.IsType<DoubleTunnelRoute>(route);
        Assert.Equal((IPEndPoint.Parse(gateway), "example.com:80"), (tunnel.GatewayEndPoint, tunnel.Authority));
        Assert.Equal(gatewayIdentities, tunnel.GatewayIdentities.AsEnumerable());
        Assert.Equal([new SpiffeId(TrustDomain, Namespace, "example")], tunnel.InnerIdentities.AsEnumerable());
    }

    private static void AssertRefused(OutboundRoute route, string error) => Assert.Equal(error, Assert.IsType<RefusedRoute>(route).Error);
}
