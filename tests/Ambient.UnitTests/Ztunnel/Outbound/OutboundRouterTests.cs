using System.Net;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Outbound;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Ztunnel.Outbound;

/// <summary>The outbound decisions of node-proxy 2.3 and 11.3 on one network; OutboundNetworkTests has those across networks.</summary>
public class OutboundRouterTests
{
    private static readonly Workload Source = Pod("source", "127.0.0.1", "::1");
    private static readonly Service Web = ServiceAt("web", "10.96.0.1", 80, 8080);

    [Fact]
    public void An_unknown_destination_is_passed_through_without_labels()
    {
        PlainTcpRoute route = Assert.IsType<PlainTcpRoute>(Decide(new TestMesh(), "1.2.3.4:80"));
        Assert.Equal(IPEndPoint.Parse("1.2.3.4:80"), route.Destination);
        Assert.Null(route.NextHop);
        Assert.Null(route.IntendedService);
    }

    [Theory]
    [InlineData("node-a")]
    [InlineData("node-b")]
    public void A_plain_workload_gets_tcp_whatever_its_node(string node)
    {
        Workload plain = Pod("plain", "10.0.0.1") with { Protocol = TunnelProtocol.Tcp, Node = node };
        PlainTcpRoute route = Assert.IsType<PlainTcpRoute>(Decide(new TestMesh().With(plain), "10.0.0.1:80"));
        Assert.Equal(IPEndPoint.Parse("10.0.0.1:80"), route.Destination);
        Assert.Equal(plain, route.NextHop);
    }

    [Theory]
    [InlineData("node-a", "10.0.0.1:80", "10.0.0.1:15008")]
    [InlineData("node-b", "[fd00::1]:80", "[fd00::1]:15008")]
    public void An_HBONE_workload_gets_a_tunnel_whatever_its_node(string node, string destination, string tunnel)
    {
        Workload hbone = Pod("hbone", "10.0.0.1", "fd00::1") with { Node = node };
        AssertTunnel(Decide(new TestMesh().With(hbone), destination), tunnel, destination, hbone.Identity);
    }

    [Fact]
    public void The_waypoint_of_the_source_is_ignored()
    {
        Workload source = Source with { Waypoint = GatewayAt("10.0.0.5") };
        Workload plain = Pod("plain", "10.0.0.1") with { Protocol = TunnelProtocol.Tcp };
        Assert.IsType<PlainTcpRoute>(Decide(new TestMesh().With(plain, Pod("wp", "10.0.0.5")), "10.0.0.1:80", source));
    }

    [Theory]
    [InlineData(TunnelProtocol.Tcp)]
    [InlineData(TunnelProtocol.Hbone)]
    public void The_waypoint_of_the_destination_is_reached_by_HBONE_with_the_address_asked_for(TunnelProtocol waypointProtocol)
    {
        Workload waypoint = Pod("wp", "10.0.0.5") with { Protocol = waypointProtocol };
        Workload destination = Pod("db", "10.0.0.1") with { Waypoint = GatewayAt("10.0.0.5"), Protocol = TunnelProtocol.Tcp };
        OutboundRoute route = Decide(new TestMesh().With(waypoint, destination), "10.0.0.1:80");
        AssertTunnel(route, "10.0.0.5:15008", "10.0.0.1:80", waypoint.Identity);
        Assert.Equal(waypoint, route.NextHop);
        Assert.Null(route.IntendedService);
    }

    [Fact]
    public void An_IPv6_call_goes_to_an_IPv4_waypoint_if_it_is_referenced_so()
    {
        Workload waypoint = Pod("wp", "10.0.0.5", "fd00::5");
        Workload destination = Pod("db", "ff06::c3") with { Waypoint = GatewayAt("10.0.0.5") };
        AssertTunnel(Decide(new TestMesh().With(waypoint, destination), "[ff06::c3]:80"), "10.0.0.5:15008", "[ff06::c3]:80", waypoint.Identity);
    }

    [Fact]
    public void A_waypoint_by_host_name_adapts_to_the_family_of_the_call()
    {
        Service service = ServiceAt("wp", "10.96.0.9", 15008, 15008);
        Workload waypoint = Pod("wp-0", "10.0.0.5", "fd00::5").EndpointOf(service);
        Workload destination = Pod("db", "10.0.0.1", "ff06::c3") with { Waypoint = GatewayAt(service) };
        TestMesh mesh = new TestMesh().With(service).With(waypoint, destination);
        AssertTunnel(Decide(mesh, "[ff06::c3]:80"), "[fd00::5]:15008", "[ff06::c3]:80", waypoint.Identity);
        AssertTunnel(Decide(mesh, "10.0.0.1:80"), "10.0.0.5:15008", "10.0.0.1:80", waypoint.Identity);
    }

    [Fact]
    public void A_service_with_a_waypoint_goes_to_it_with_the_virtual_address_and_the_waypoints_identities()
    {
        Service waypointService = ServiceAt("wp", "10.96.0.9", 15008, 15018) with
        {
            SubjectAltNames = ["spiffe://cluster.local/ns/shop/sa/wp-service", "not-an-identity"],
        };
        Workload waypoint = Pod("wp-0", "10.0.0.5").EndpointOf(waypointService);
        Service service = Web with { Waypoint = GatewayAt(waypointService) };
        OutboundRoute route = Decide(new TestMesh().With(waypointService, service).With(waypoint, Pod("web-0", "10.0.0.1").EndpointOf(service)), "10.96.0.1:80");
        AssertTunnel(route, "10.0.0.5:15018", "10.96.0.1:80", new SpiffeId(TrustDomain, Namespace, "wp-service"), waypoint.Identity);
        Assert.Equal(waypoint, route.NextHop);
        Assert.Equal(service, route.IntendedService);
    }

    [Fact]
    public void Weighted_waypoints_are_sampled_per_connection()
    {
        Workload one = Pod("wp-1", "10.0.0.5");
        Workload two = Pod("wp-2", "10.0.0.6");
        Service service = Web with
        {
            Waypoint = GatewayAt("10.0.0.7"),
            WeightedWaypoints = [new WeightedWaypoint(GatewayAt("10.0.0.5"), 1), new WeightedWaypoint(GatewayAt("10.0.0.6"), 1)],
        };
        MeshSnapshot snapshot = new TestMesh().With(service).With(one, two).Snapshot();
        Random random = new(13);
        OutboundRequest request = new(Source, IPEndPoint.Parse("127.0.0.1:4000"), IPEndPoint.Parse("10.96.0.1:80"));
        Assert.Equal(
            ["wp-1", "wp-2"],
            Enumerable.Range(0, 100).Select(_ => Router().Decide(snapshot, request, random).NextHop!.Name).Distinct().Order());
    }

    [Fact]
    public void A_waypoint_that_is_not_known_is_never_gone_around()
    {
        Service service = Web with { Waypoint = GatewayAt("10.0.0.5") };
        TestMesh mesh = new TestMesh().With(service).With(Pod("web-0", "10.0.0.1").EndpointOf(service) with { Waypoint = GatewayAt("10.0.0.5") });
        AssertRefused(Decide(mesh, "10.96.0.1:80"), "unknown waypoint: /10.0.0.5");
        AssertRefused(Decide(mesh, "10.0.0.1:80"), "unknown waypoint: /10.0.0.5");
    }

    [Fact]
    public void Traffic_from_the_waypoint_itself_goes_straight_to_the_workload()
    {
        Workload waypoint = Pod("wp", "10.0.0.5");
        Workload destination = Pod("db", "10.0.0.1") with { Waypoint = GatewayAt("10.0.0.5") };
        TestMesh mesh = new TestMesh().With(waypoint, destination);
        AssertTunnel(Decide(mesh, "10.0.0.1:80", waypoint, "10.0.0.5:9999"), "10.0.0.1:15008", "10.0.0.1:80", destination.Identity);
        AssertTunnel(Decide(mesh, "10.0.0.1:80", waypoint, "10.0.0.6:9999"), "10.0.0.5:15008", "10.0.0.1:80", waypoint.Identity);
    }

    [Fact]
    public void A_workload_waypoint_is_not_used_for_traffic_to_a_service()
    {
        Workload endpoint = Pod("web-0", "10.0.0.1").EndpointOf(Web) with { Waypoint = GatewayAt("10.0.0.5") };
        OutboundRoute route = Decide(new TestMesh().With(Web).With(endpoint, Pod("wp", "10.0.0.5")), "10.96.0.1:80");
        AssertTunnel(route, "10.0.0.1:15008", "10.0.0.1:8080", endpoint.Identity);
        Assert.Equal(Web, route.IntendedService);
    }

    [Fact]
    public void A_service_without_a_usable_endpoint_or_port_is_refused_with_the_reason()
    {
        TestMesh empty = new TestMesh().With(Web);
        AssertRefused(Decide(empty, "10.96.0.1:80"), "no healthy upstream: 10.96.0.1:80", "no ready endpoint");
        TestMesh full = empty.With(Pod("web-0", "10.0.0.1").EndpointOf(Web));
        AssertRefused(Decide(full, "10.96.0.1:81"), "no healthy upstream: 10.96.0.1:81", "has no port 81; its ports are 80");
        TestMesh weightless = full.With(Pod("web-0", "10.0.0.1").EndpointOf(Web) with { Capacity = 0 });
        AssertRefused(Decide(weightless, "10.96.0.1:80"), "no healthy upstream: 10.96.0.1:80", "1 endpoint(s)");
    }

    [Fact]
    public void The_target_port_is_used_for_the_authority_and_for_plain_tcp()
    {
        Workload hbone = Pod("web-0", "10.0.0.1").EndpointOf(Web, new PortMapping(80, 9090));
        AssertTunnel(Decide(new TestMesh().With(Web).With(hbone), "10.96.0.1:80"), "10.0.0.1:15008", "10.0.0.1:9090", hbone.Identity);
        TestMesh plain = new TestMesh().With(Web).With(Pod("web-0", "10.0.0.1").EndpointOf(Web) with { Protocol = TunnelProtocol.Tcp });
        Assert.Equal(IPEndPoint.Parse("10.0.0.1:8080"), Assert.IsType<PlainTcpRoute>(Decide(plain, "10.96.0.1:80")).Destination);
    }

    [Fact]
    public void A_host_network_pod_is_reached_by_its_service_but_its_node_address_is_passed_through()
    {
        Service other = ServiceAt("other", "10.96.0.2");
        Workload web = Pod("web-0", "10.0.0.1").EndpointOf(Web) with { NetworkMode = NetworkMode.HostNetwork, Protocol = TunnelProtocol.Tcp };
        Workload neighbour = Pod("other-0", "10.0.0.1").EndpointOf(other) with { NetworkMode = NetworkMode.HostNetwork, Protocol = TunnelProtocol.Tcp };
        TestMesh mesh = new TestMesh().With(Web, other).With(web, neighbour);
        Assert.Equal(web, Decide(mesh, "10.96.0.1:80").NextHop);
        Assert.Equal(neighbour, Decide(mesh, "10.96.0.2:80").NextHop);
        OutboundRoute direct = Decide(mesh, "10.0.0.1:80");
        Assert.IsType<PlainTcpRoute>(direct);
        Assert.Null(direct.NextHop);
    }

    [Theory]
    [InlineData(null, "10.96.0.1:80", "10.0.0.1")]
    [InlineData(null, "[fd00:96::1]:80", "fd00::1")]
    [InlineData(IpFamilies.IPv6, "10.96.0.1:80", "fd00::1")]
    [InlineData(IpFamilies.IPv4, "[fd00:96::1]:80", "10.0.0.1")]
    [InlineData(IpFamilies.Dual, "[fd00:96::1]:80", "fd00::1")]
    [InlineData(IpFamilies.Dual, "10.96.0.1:80", "10.0.0.1")]
    public void The_services_families_come_before_the_family_asked_for(IpFamilies? families, string destination, string expected)
    {
        Service service = Web with { Vips = [Vip("10.96.0.1"), Vip("fd00:96::1")], IpFamilies = families };
        TestMesh mesh = new TestMesh().With(service).With(Pod("web-0", "10.0.0.1", "fd00::1").EndpointOf(service));
        Assert.Equal(expected, Assert.IsType<TunnelRoute>(Decide(mesh, destination)).TunnelEndPoint.Address.ToString());
    }

    [Fact]
    public void An_endpoint_without_an_address_of_an_allowed_family_is_refused()
    {
        Service service = Web with { IpFamilies = IpFamilies.IPv6 };
        TestMesh mesh = new TestMesh().With(service).With(Pod("web-0", "10.0.0.1").EndpointOf(service));
        AssertRefused(Decide(mesh, "10.96.0.1:80"), "no valid routing destination for workload: web-0");
    }

    [Fact]
    public void A_passthrough_service_keeps_the_address_unless_it_has_a_waypoint()
    {
        Service passthrough = Web with { LoadBalancer = Balance(LoadBalancerMode.Passthrough) };
        Workload endpoint = Pod("web-0", "10.0.0.1").EndpointOf(passthrough);
        PlainTcpRoute route = Assert.IsType<PlainTcpRoute>(Decide(new TestMesh().With(passthrough).With(endpoint), "10.96.0.1:80"));
        Assert.Equal(IPEndPoint.Parse("10.96.0.1:80"), route.Destination);
        Assert.Null(route.NextHop);

        Workload waypoint = Pod("wp", "10.0.0.5");
        Service behind = passthrough with { Waypoint = GatewayAt("10.0.0.5") };
        AssertTunnel(Decide(new TestMesh().With(behind).With(endpoint, waypoint), "10.96.0.1:80"), "10.0.0.5:15008", "10.96.0.1:80", waypoint.Identity);
    }

    [Fact]
    public void An_address_of_both_a_workload_and_a_service_is_balanced_but_keeps_the_endpoints_waypoint()
    {
        Workload pod = Pod("pod", "10.96.0.1");
        Workload waypoint = Pod("wp", "10.0.0.5");
        Workload endpoint = Pod("web-0", "10.0.0.1").EndpointOf(Web) with { Waypoint = GatewayAt("10.0.0.5") };
        AssertTunnel(Decide(new TestMesh().With(Web).With(pod, endpoint, waypoint), "10.96.0.1:80"), "10.0.0.5:15008", "10.96.0.1:80", waypoint.Identity);
    }

    [Fact]
    public void A_namespace_visible_service_of_others_is_not_there()
    {
        Service hidden = Web with { Namespace = "bank", Visibility = Visibility.Namespace };
        TestMesh mesh = new TestMesh().With(hidden).With(Pod("web-0", "10.0.0.1").EndpointOf(hidden));
        Assert.IsType<PlainTcpRoute>(Decide(mesh, "10.96.0.1:80"));
        Assert.IsType<TunnelRoute>(Decide(mesh, "10.96.0.1:80", Source with { Namespace = "bank" }));
    }

    [Fact]
    public void A_workload_with_a_host_name_only_is_resolved_by_the_caller()
    {
        Workload named = Pod("web-0").EndpointOf(Web) with { Hostname = "web.example" };
        HostnameRoute route = Assert.IsType<HostnameRoute>(Decide(new TestMesh().With(Web).With(named), "10.96.0.1:80"));
        Assert.Equal(("web.example", false), (route.Hostname, route.PrefersIPv6));
        AssertTunnel(route.Complete(IPAddress.Parse("192.0.2.7")), "192.0.2.7:15008", "192.0.2.7:8080", named.Identity);
        AssertRefused(route.Unresolved(null), "no ip addresses were resolved for workload: web-0", "web.example");
    }

    [Theory]
    [InlineData("127.0.0.1:15001", true)]
    [InlineData("127.0.0.1:15006", true)]
    [InlineData("127.0.0.5:15008", true)]
    [InlineData("[::1]:15008", true)]
    [InlineData("[::ffff:127.0.0.1]:15008", true)]
    [InlineData("127.0.0.1:15080", false)]
    [InlineData("127.0.0.1:8080", false)]
    [InlineData("10.0.0.1:15008", false)]
    public void A_loopback_call_to_an_own_port_is_refused(string destination, bool refused)
    {
        OutboundRoute route = Decide(new TestMesh(), destination);
        Assert.Equal(refused, route is RefusedRoute { Error: "attempted recursive call to ourselves" });
        Assert.Equal(refused, Router().IsRecursive(IPEndPoint.Parse(destination)));
    }

    [Fact]
    public void The_socks_port_is_an_own_port_only_when_socks_is_on()
    {
        IPEndPoint destination = IPEndPoint.Parse("127.0.0.1:15080");
        Assert.True(new OutboundRouter(new OutboundRouterOptions(string.Empty, new OwnPorts(Socks: true))).IsRecursive(destination));
        Assert.False(Router().IsRecursive(destination));
    }

    private static OutboundRouter Router() => new(new OutboundRouterOptions(string.Empty, new OwnPorts(Socks: false)));

    private static OutboundRoute Decide(TestMesh mesh, string destination, Workload? source = null, string application = "127.0.0.1:4000") =>
        Router().Decide(
            mesh.Snapshot(), new OutboundRequest(source ?? Source, IPEndPoint.Parse(application), IPEndPoint.Parse(destination)), new Random(1));

    private static void AssertTunnel(OutboundRoute route, string endPoint, string authority, params SpiffeId[] identities)
    {
        TunnelRoute tunnel = Assert.IsType<TunnelRoute>(route);
        Assert.Equal((IPEndPoint.Parse(endPoint), authority), (tunnel.TunnelEndPoint, tunnel.Authority));
        Assert.Equal(identities, tunnel.ExpectedIdentities.AsEnumerable());
    }

    private static void AssertRefused(OutboundRoute route, string error, string hint = "")
    {
        RefusedRoute refused = Assert.IsType<RefusedRoute>(route);
        Assert.Equal(error, refused.Error);
        Assert.Contains(hint, refused.Hint!, StringComparison.Ordinal);
    }
}
