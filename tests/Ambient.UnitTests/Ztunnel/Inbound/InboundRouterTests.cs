using System.Net;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Inbound;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Ztunnel.Inbound;

/// <summary>The inbound decisions of node-proxy 2.4 and the table of 11.4.</summary>
public class InboundRouterTests
{
    private const string ServerIp = "10.0.0.2";
    private const string WaypointIp = "10.0.0.3";
    private const string ClientIp = "10.0.0.1";

    private static readonly Service WebService = ServiceAt("server", "10.10.0.1");
    private static readonly Service WaypointService = ServiceAt("waypoint", "10.10.0.2");
    private static readonly ApplicationTunnel ProxyTunnel = new(ApplicationTunnelProtocol.Proxy, 15088);

    public enum Attachment
    {
        None,
        WorkloadByPod,
        WorkloadByVip,
        WorkloadByHostname,
        ServiceByPod,
        ServiceByVip,
        ServiceByHostname,
    }

    [Theory]
    [InlineData(Attachment.None, false, ServerIp, "10.0.0.2:8080", "10.0.0.2:8080", null)]
    [InlineData(Attachment.None, false, ServerIp, "server.shop.svc.cluster.local:80", "10.0.0.2:8080", null)]
    [InlineData(Attachment.WorkloadByPod, false, WaypointIp, "10.0.0.2:8080", "10.0.0.3:8080", null)]
    [InlineData(Attachment.WorkloadByVip, false, WaypointIp, "10.0.0.2:8080", "10.0.0.3:8080", null)]
    [InlineData(Attachment.WorkloadByHostname, false, WaypointIp, "10.0.0.2:8080", "10.0.0.3:8080", null)]
    [InlineData(Attachment.WorkloadByPod, true, WaypointIp, "10.0.0.2:8080", "127.0.0.1:15088", "10.0.0.2:8080")]
    [InlineData(Attachment.WorkloadByVip, true, WaypointIp, "10.0.0.2:8080", "127.0.0.1:15088", "10.0.0.2:8080")]
    [InlineData(Attachment.ServiceByPod, false, WaypointIp, "10.10.0.1:8080", "10.0.0.3:8080", null)]
    [InlineData(Attachment.ServiceByVip, false, WaypointIp, "10.10.0.1:8080", "10.0.0.3:8080", null)]
    [InlineData(Attachment.ServiceByHostname, false, WaypointIp, "10.10.0.1:8080", "10.0.0.3:8080", null)]
    [InlineData(Attachment.ServiceByPod, true, WaypointIp, "10.10.0.1:80", "127.0.0.1:15088", "10.10.0.1:80")]
    [InlineData(Attachment.ServiceByVip, true, WaypointIp, "10.10.0.1:80", "127.0.0.1:15088", "10.10.0.1:80")]
    public void Forwards(Attachment attachment, bool tunnel, string arrival, string authority, string upstream, string? proxyDestination)
    {
        ForwardRoute route = Assert.IsType<ForwardRoute>(Decide(attachment, tunnel, arrival, authority));
        Assert.Equal(IPEndPoint.Parse(upstream), route.Upstream);
        Assert.Equal(proxyDestination, route.ProxyDestination?.ToString());
        Assert.Equal(Ip(arrival), route.DestinationIp);
    }

    [Theory]
    [InlineData(Attachment.None, ServerIp, "10.0.0.1:8080", "ip mismatch: 10.0.0.2 != 10.0.0.1")]
    [InlineData(Attachment.None, WaypointIp, "10.0.0.1:8080", "ip mismatch: 10.0.0.3 != 10.0.0.1")]
    [InlineData(Attachment.None, WaypointIp, "10.0.0.2:8080", "ip mismatch: 10.0.0.3 != 10.0.0.2")]
    [InlineData(Attachment.ServiceByPod, WaypointIp, "10.0.0.2:8080", "ip mismatch: 10.0.0.3 != 10.0.0.2")]
    [InlineData(Attachment.WorkloadByPod, WaypointIp, "10.10.0.1:8080", "ip mismatch: 10.0.0.3 != 10.10.0.1")]
    [InlineData(Attachment.None, ServerIp, "[fd00::9]:8080", "ip mismatch: 10.0.0.2 != fd00::9")]
    public void Refuses_what_is_meant_for_somebody_else(Attachment attachment, string arrival, string authority, string error) =>
        AssertRefused(Decide(attachment, false, arrival, authority), 400, error);

    [Fact]
    public void Only_the_single_waypoint_admits_never_the_weighted_set()
    {
        Workload waypoint = Pod("waypoint", WaypointIp).EndpointOf(WaypointService);
        Service weighted = WebService with { WeightedWaypoints = [new WeightedWaypoint(GatewayAt(WaypointIp), 1)] };
        MeshSnapshot snapshot = new TestMesh().With(weighted, WaypointService).With(waypoint).Snapshot();
        AssertRefused(Decide(snapshot, waypoint, WaypointIp, "10.10.0.1:8080"), 400, "ip mismatch: 10.0.0.3 != 10.10.0.1");
    }

    [Fact]
    public void Any_application_tunnel_admits_any_address()
    {
        Workload sandwiched = Pod("waypoint", WaypointIp) with { ApplicationTunnel = new ApplicationTunnel(ApplicationTunnelProtocol.None, null) };
        ForwardRoute route = Assert.IsType<ForwardRoute>(Decide(MeshSnapshot.Empty, sandwiched, WaypointIp, "192.0.2.1:8080"));
        Assert.Equal(IPEndPoint.Parse("10.0.0.3:8080"), route.Upstream);
        Assert.Null(route.ProxyDestination);
    }

    [Fact]
    public void A_tunnel_port_replaces_the_port_connected_to_but_not_the_one_policies_judge()
    {
        Workload tunnelled = Pod("server", ServerIp) with { ApplicationTunnel = ProxyTunnel with { Protocol = ApplicationTunnelProtocol.None } };
        ForwardRoute route = Assert.IsType<ForwardRoute>(Decide(MeshSnapshot.Empty, tunnelled, ServerIp, "10.0.0.2:8080"));
        Assert.Equal(IPEndPoint.Parse("10.0.0.2:15088"), route.Upstream);
        Assert.Equal((ushort)8080, route.ResolvedPort);
        Assert.Null(route.LoopbackSource);
    }

    [Theory]
    [InlineData(true, ServerIp, "127.0.0.1:15088", "127.0.0.1")]
    [InlineData(true, "fd00::2", "[::1]:15088", "::1")]
    [InlineData(false, ServerIp, "10.0.0.2:15088", null)]
    [InlineData(false, "fd00::2", "[fd00::2]:15088", null)]
    public void A_proxy_tunnel_goes_to_loopback_of_the_same_family_if_so_configured(bool loopback, string arrival, string upstream, string? source)
    {
        Workload tunnelled = Pod("server", ServerIp, "fd00::2") with { ApplicationTunnel = ProxyTunnel };
        InboundRouter router = new(new InboundRouterOptions(string.Empty, new OwnPorts(false), loopback));
        ForwardRoute route = Assert.IsType<ForwardRoute>(router.Decide(MeshSnapshot.Empty, Request(tunnelled, arrival, "10.0.0.9:8080")));
        Assert.Equal((IPEndPoint.Parse(upstream), source), (route.Upstream, route.LoopbackSource?.ToString()));
        Assert.Equal("10.0.0.9:8080", route.ProxyDestination?.ToString());
        Assert.Equal(Ip(arrival), route.DestinationIp);
    }

    [Theory]
    [InlineData("net1", "10.9.0.2:80", "other/10.9.0.1", "net1/fd00::1", "net1/10.9.0.2")]
    [InlineData("net1", "[fd00::1]:80", "other/10.9.0.1", "net1/fd00::1")]
    [InlineData("net1", "10.9.0.1:80", "other/10.9.0.1", "other/fd00::1")]
    public void The_proxy_header_of_a_host_name_prefers_the_own_network_and_IPv4(string network, string expected, params string[] vips)
    {
        Service service = WebService with { Vips = [.. vips.Select(Vip)] };
        Workload tunnelled = Pod("server", ServerIp).EndpointOf(service) with { ApplicationTunnel = ProxyTunnel };
        InboundRouter router = new(new InboundRouterOptions(network, new OwnPorts(false)));
        InboundRoute route = router.Decide(new TestMesh().With(service).With(tunnelled).Snapshot(), Request(tunnelled, ServerIp, $"{service.Hostname}:80"));
        Assert.Equal(expected, Assert.IsType<ForwardRoute>(route).ProxyDestination?.ToString());
    }

    [Fact]
    public void A_proxy_header_of_a_host_name_without_virtual_address_is_refused()
    {
        Service service = WebService with { Vips = [] };
        Workload tunnelled = Pod("server", ServerIp).EndpointOf(service) with { ApplicationTunnel = ProxyTunnel };
        MeshSnapshot snapshot = new TestMesh().With(service).With(tunnelled).Snapshot();
        AssertRefused(Decide(snapshot, tunnelled, ServerIp, $"{service.Hostname}:80"), 503, "no virtual address for hostname: server.shop.svc.cluster.local");
    }

    [Fact]
    public void A_host_name_is_looked_up_from_the_namespace_of_the_destination()
    {
        Service elsewhere = WebService with { Namespace = "bank", Visibility = Visibility.Namespace };
        Workload server = Pod("server", ServerIp).EndpointOf(elsewhere);
        MeshSnapshot snapshot = new TestMesh().With(elsewhere).With(server).Snapshot();
        AssertRefused(Decide(snapshot, server, ServerIp, $"{elsewhere.Hostname}:80"), 503, "no service or workload for hostname: server.shop.svc.cluster.local");
        Assert.IsType<ForwardRoute>(Decide(snapshot, server with { Namespace = "bank" }, ServerIp, $"{elsewhere.Hostname}:80"));
    }

    [Fact]
    public void Of_several_services_of_a_host_name_in_other_namespaces_the_preferred_namespace_decides()
    {
        Service first = WebService with { Namespace = "bank", Ports = PortMap.Of(80, 8081) };
        Service preferred = WebService with { Namespace = "shared", Ports = PortMap.Of(80, 8082) };
        Workload server = Pod("server", ServerIp).EndpointOf(first).EndpointOf(preferred);
        InboundRequest request = Request(server, ServerIp, $"{WebService.Hostname}:80");
        MeshSnapshot snapshot = new TestMesh().With(first).With(preferred).With(server).Snapshot();
        InboundRouterOptions options = new(string.Empty, new OwnPorts(false));
        Assert.Equal(8081, Assert.IsType<ForwardRoute>(new InboundRouter(options).Decide(snapshot, request)).Upstream.Port);

        InboundRouter preferring = new(options with { PreferredNamespace = "shared" });
        Assert.Equal(8082, Assert.IsType<ForwardRoute>(preferring.Decide(snapshot, request)).Upstream.Port);
    }

    [Fact]
    public void The_port_of_a_host_name_is_mapped_by_endpoint_then_by_service_and_must_be_there()
    {
        Service service = WebService with { Ports = PortMap.Create([new PortMapping(80, 8080), new PortMapping(81, 0), new PortMapping(82, 0)]) };
        Workload server = Pod("server", ServerIp).EndpointOf(service, new PortMapping(81, 9191));
        MeshSnapshot snapshot = new TestMesh().With(service).With(server).Snapshot();
        Assert.Equal(8080, Assert.IsType<ForwardRoute>(Decide(snapshot, server, ServerIp, $"{service.Hostname}:80")).Upstream.Port);
        Assert.Equal(9191, Assert.IsType<ForwardRoute>(Decide(snapshot, server, ServerIp, $"{service.Hostname}:81")).Upstream.Port);
        Assert.Equal(503, Assert.IsType<RefusedRequest>(Decide(snapshot, server, ServerIp, $"{service.Hostname}:82")).Status);
        Assert.Equal(503, Assert.IsType<RefusedRequest>(Decide(snapshot, server, ServerIp, $"{service.Hostname}:83")).Status);
    }

    [Theory]
    [InlineData("10.0.0.2:15001")]
    [InlineData("10.0.0.2:15006")]
    [InlineData("10.0.0.2:15008")]
    [InlineData("server.shop.svc.cluster.local:80")]
    public void A_resolved_port_of_the_proxy_itself_is_a_self_call_even_with_a_tunnel_port(string authority)
    {
        Service service = WebService with { Ports = PortMap.Of(80, 15008) };
        Workload server = Pod("server", ServerIp).EndpointOf(service) with { ApplicationTunnel = ProxyTunnel };
        MeshSnapshot snapshot = new TestMesh().With(service).With(server).Snapshot();
        AssertRefused(Decide(snapshot, server, ServerIp, authority), 503, "attempted recursive call to ourselves");
    }

    [Theory]
    [InlineData("10.0.0.2:8080", null, "server")]
    [InlineData("10.0.0.2:9090", null, "other")]
    [InlineData("10.0.0.2:7070", null, null)]
    [InlineData("10.0.0.2:8080", "other.shop.svc.cluster.local", "other")]
    [InlineData("10.0.0.2:8080", "stranger.shop.svc.cluster.local", "server")]
    [InlineData("10.0.0.2:7070", "stranger.shop.svc.cluster.local", null)]
    [InlineData("other.shop.svc.cluster.local:80", "server.shop.svc.cluster.local", "other")]
    public void The_reported_service_is_one_of_the_workloads_own(string authority, string? forwardedHost, string? expected)
    {
        Service other = ServiceAt("other", "10.10.0.5");
        Service stranger = ServiceAt("stranger", "10.10.0.6");
        Workload server = Pod("server", ServerIp).EndpointOf(WebService).EndpointOf(other, new PortMapping(80, 9090));
        MeshSnapshot snapshot = new TestMesh().With(WebService, other, stranger).With(server).Snapshot();
        ForwardRoute route = Assert.IsType<ForwardRoute>(Decide(snapshot, server, ServerIp, authority, forwardedHost));
        Assert.Equal(expected, route.DestinationService?.Name);
    }

    [Fact]
    public void Only_CONNECT_with_a_usable_authority_is_served()
    {
        AssertRefused(InboundRouter.Validate("GET", "10.0.0.2:80", out _), 400, "expected method CONNECT, got GET");
        AssertRefused(InboundRouter.Validate("CONNECT", null, out _), 400, "no valid authority pseudo header: ");
        AssertRefused(InboundRouter.Validate("CONNECT", "10.0.0.2", out _), 400, "no valid authority pseudo header: 10.0.0.2");
        Assert.Null(InboundRouter.Validate("CONNECT", "10.0.0.2:80", out InboundAuthority? authority));
        Assert.Equal("10.0.0.2:80", authority?.ToString());
    }

    [Fact]
    public void An_unknown_local_workload_is_named() => AssertRefused(
        InboundRouter.UnknownLocalWorkload(new LocalWorkloadKey("shop", "web", "web-0")),
        503,
        "failed to fetch information about local workload: web.shop (web-0)");

    [Fact]
    public void Policies_judge_the_tcp_peer_the_identity_and_the_resolved_destination()
    {
        SpiffeId identity = new("td", "ns", "sa");
        ForwardRoute route = new(IPEndPoint.Parse("127.0.0.1:15088")) { DestinationIp = Ip(ServerIp), ResolvedPort = 8080 };
        AuthorizationRequest tunnel = InboundAuthorizer.ForTunnel(IPEndPoint.Parse("[::ffff:10.0.0.1]:4000"), identity, route);
        Assert.Equal((Ip(ClientIp), Ip(ServerIp), (ushort)8080, identity), (tunnel.SourceIp, tunnel.DestinationIp, tunnel.DestinationPort, tunnel.Source!.Value));
        AuthorizationRequest plaintext = InboundAuthorizer.ForPlaintext(IPEndPoint.Parse("10.0.0.1:4000"), IPEndPoint.Parse("[fd00::2]:80"));
        Assert.Equal((Ip(ClientIp), Ip("fd00::2"), (ushort)80), (plaintext.SourceIp, plaintext.DestinationIp, plaintext.DestinationPort));
        Assert.Null(plaintext.Source);
    }

    private static InboundRoute Decide(Attachment attachment, bool tunnel, string arrival, string authority)
    {
        GatewayAddress? gateway = attachment switch
        {
            Attachment.WorkloadByPod or Attachment.ServiceByPod => GatewayAt(WaypointIp),
            Attachment.WorkloadByVip or Attachment.ServiceByVip => GatewayAt("10.10.0.2"),
            Attachment.WorkloadByHostname or Attachment.ServiceByHostname => GatewayAt(WaypointService),
            _ => null,
        };
        bool onService = attachment >= Attachment.ServiceByPod;
        Service service = WebService with { Waypoint = onService ? gateway : null };
        Workload server = Pod("server", ServerIp).EndpointOf(service) with { Waypoint = onService ? null : gateway };
        Workload waypoint = Pod("waypoint", WaypointIp).EndpointOf(WaypointService) with { ApplicationTunnel = tunnel ? ProxyTunnel : null };
        MeshSnapshot snapshot = new TestMesh().With(service, WaypointService).With(server, waypoint, Pod("client", ClientIp)).Snapshot();
        return Decide(snapshot, arrival == ServerIp ? server : waypoint, arrival, authority);
    }

    private static InboundRoute Decide(MeshSnapshot snapshot, Workload local, string arrival, string authority, string? forwardedHost = null) =>
        new InboundRouter(new InboundRouterOptions(string.Empty, new OwnPorts(false)))
            .Decide(snapshot, Request(local, arrival, authority) with { ForwardedHost = forwardedHost });

    private static InboundRequest Request(Workload local, string arrival, string authorityText)
    {
        Assert.True(InboundAuthority.TryParse(authorityText, out InboundAuthority? authority));
        return new InboundRequest(local, Ip(arrival).WithPort(15008), authority!, null);
    }

    private static void AssertRefused(InboundRoute? route, int status, string error)
    {
        RefusedRequest refused = Assert.IsType<RefusedRequest>(route);
        Assert.Equal((status, error), (refused.Status, refused.Error));
        Assert.False(string.IsNullOrEmpty(refused.Hint));
    }
}
