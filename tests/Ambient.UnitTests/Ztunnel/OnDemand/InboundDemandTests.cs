using System.Net;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Certs;
using Ambient.Testing.Mesh;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.OnDemand;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Ztunnel.OnDemand;

/// <summary>What is asked for before a CONNECT request is decided (node-proxy 2.4 steps 3 and 4).</summary>
public sealed class InboundDemandTests
{
    private static readonly Service WaypointService = ServiceAt("waypoint", "10.10.0.2");
    private static readonly Service Web = ServiceAt("server", "10.10.0.1");
    private static readonly Workload Waypoint = Pod("waypoint", "10.0.0.3").EndpointOf(WaypointService);
    private static readonly Workload Server = Pod("server", "10.0.0.2") with { Waypoint = GatewayAt("10.10.0.2") };

    private readonly ManualTime _time = new();
    private readonly MeshStore _store = new(TimeProvider.System, new TestMesh().With(Waypoint).Snapshot());
    private readonly ScriptedResources _plane;

    public InboundDemandTests() => _plane = new ScriptedResources(_store);

    [Fact]
    public async Task A_captured_waypoint_takes_what_is_meant_for_a_workload_that_it_first_asks_about()
    {
        _plane.Knows("/10.0.0.2", mesh => mesh.UpsertWorkload(Server)).Knows("/10.10.0.2", mesh => mesh.UpsertService(WaypointService));

        ForwardRoute route = Assert.IsType<ForwardRoute>(await DecideAsync(Waypoint, "10.0.0.2:8080"));

        Assert.Equal(IPEndPoint.Parse("10.0.0.3:8080"), route.Upstream);
        Assert.Equal(["/10.0.0.2", "/10.10.0.2"], _plane.Asked);
    }

    [Fact]
    public async Task A_service_behind_the_waypoint_and_a_waypoint_by_host_name_are_asked_about_as_well()
    {
        _plane.Knows("/10.10.0.1", mesh => mesh.UpsertService(Web with { Waypoint = GatewayAt(WaypointService) }))
            .Knows(WaypointService.Key.ToString(), mesh => mesh.UpsertService(WaypointService));

        Assert.IsType<ForwardRoute>(await DecideAsync(Waypoint, "10.10.0.1:80"));
        Assert.Equal(["/10.10.0.1", "shop/waypoint.shop.svc.cluster.local"], _plane.Asked);
    }

    [Theory]
    [InlineData("10.0.0.9:8080", "ip mismatch: 10.0.0.3 != 10.0.0.9")]
    [InlineData("10.0.0.2:8080", "ip mismatch: 10.0.0.3 != 10.0.0.2")]
    public async Task What_does_not_exist_or_has_another_waypoint_is_a_bad_request(string authority, string error)
    {
        _plane.Knows("/10.0.0.2", mesh => mesh.UpsertWorkload(Server with { Waypoint = GatewayAt("10.0.0.77") }));

        RefusedRequest refused = Assert.IsType<RefusedRequest>(await DecideAsync(Waypoint, authority));

        Assert.Equal((400, error), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task The_pods_own_service_is_asked_for_by_its_full_name_when_a_request_names_its_host()
    {
        Workload member = Pod("server", "10.0.0.2").EndpointOf(Web with { Namespace = "bank" });
        _store.Update(mesh => mesh.UpsertWorkload(member));
        _plane.Knows("bank/server.shop.svc.cluster.local", mesh => mesh.UpsertService(Web with { Namespace = "bank" }));

        ForwardRoute route = Assert.IsType<ForwardRoute>(await DecideAsync(member, "server.shop.svc.cluster.local:80", "10.0.0.2"));

        Assert.Equal(IPEndPoint.Parse("10.0.0.2:8080"), route.Upstream);
        Assert.Equal(["bank/server.shop.svc.cluster.local"], _plane.Asked);
    }

    [Fact]
    public async Task The_pods_own_service_is_asked_for_although_a_namesake_is_known()
    {
        _store.Update(mesh => mesh.UpsertService(Web with { Namespace = "bank", Vips = [], Ports = PortMap.Of(80, 9999) }));
        Workload member = Pod("server", "10.0.0.2").EndpointOf(Web);
        _plane.Knows(Web.Key.ToString(), mesh => mesh.UpsertService(Web));

        ForwardRoute route = Assert.IsType<ForwardRoute>(await DecideAsync(member, $"{Web.Hostname}:80", "10.0.0.2"));

        Assert.Equal(IPEndPoint.Parse("10.0.0.2:8080"), route.Upstream);
        Assert.Equal([Web.Key.ToString()], _plane.Asked);
    }

    [Fact]
    public async Task Any_other_host_is_asked_for_in_the_pods_namespace_and_unavailable_when_it_does_not_exist()
    {
        RefusedRequest refused = Assert.IsType<RefusedRequest>(await DecideAsync(Waypoint, "nowhere.example:80"));

        Assert.Equal((503, "no service or workload for hostname: nowhere.example"), (refused.Status, refused.Error));
        Assert.Equal(["shop/nowhere.example"], _plane.Asked);
    }

    [Theory]
    [InlineData("10.0.0.3:8080", false)]
    [InlineData("192.0.2.1:8080", true)]
    public async Task The_pods_own_address_and_anything_for_an_application_tunnel_need_no_question(string authority, bool hasTunnel)
    {
        Workload local = Waypoint with { ApplicationTunnel = hasTunnel ? new ApplicationTunnel(ApplicationTunnelProtocol.None, null) : null };

        Assert.IsType<ForwardRoute>(await DecideAsync(local, authority));
        Assert.Empty(_plane.Asked);
    }

    [Theory]
    [InlineData("/10.0.0.9", "10.0.0.9:8080", "destination /10.0.0.9")]
    [InlineData("/10.10.0.2", "10.0.0.2:8080", "waypoint /10.10.0.2")]
    [InlineData("shop/nowhere.example", "nowhere.example:80", "service shop/nowhere.example")]
    public async Task A_request_is_unavailable_when_no_answer_came_for_five_seconds(string silent, string authority, string named)
    {
        _store.Update(mesh => mesh.UpsertWorkload(Server));
        _plane.Silent.Add(silent);

        Task<InboundRoute> deciding = DecideAsync(Waypoint, authority);
        _time.Advance(TimeSpan.FromMilliseconds(4_999));
        Assert.False(deciding.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        RefusedRequest refused = Assert.IsType<RefusedRequest>(await deciding.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((503, FailureReason.TimedOut), (refused.Status, refused.Reason));
        Assert.Equal($"no answer from the control plane about {named}", refused.Error);
        Assert.Contains("XDS_ON_DEMAND", refused.Hint);
    }

    private Task<InboundRoute> DecideAsync(Workload local, string authorityText, string arrival = "10.0.0.3")
    {
        Assert.True(InboundAuthority.TryParse(authorityText, out InboundAuthority? authority));
        InboundRouter router = new(new InboundRouterOptions(string.Empty, new OwnPorts(Socks: false)));
        return InboundDemand
            .DecideAsync(new DemandedMesh(_store, _plane, _time), router, new InboundRequest(local, Ip(arrival).WithPort(15008), authority!, null))
            .AsTask();
    }
}
