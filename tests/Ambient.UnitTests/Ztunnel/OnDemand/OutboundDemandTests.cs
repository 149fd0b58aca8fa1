using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Certs;
using Ambient.Testing.Mesh;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel;
using Ambient.Ztunnel.OnDemand;
using Ambient.Ztunnel.Outbound;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Ztunnel.OnDemand;

/// <summary>What is asked for before an outbound connection is decided, in the order of the steps of node-proxy 2.3.</summary>
public sealed class OutboundDemandTests
{
    private static readonly Workload Source = Pod("source", "127.0.0.1");
    private static readonly Workload Waypoint = Pod("wp", "10.0.0.5");
    private static readonly Workload Behind = Pod("db", "10.0.0.1") with { Waypoint = GatewayAt("10.0.0.5") };
    private static readonly Service Web = ServiceAt("web", "10.96.0.1");
    private static readonly Service WaypointService = ServiceAt("waypoint", "10.96.0.5", 15008, 15018);

    private readonly ManualTime _time = new();
    private readonly MeshStore _store = new(TimeProvider.System, new TestMesh().With(Source).Snapshot());
    private readonly ScriptedResources _plane;

    private readonly DemandedMesh _mesh;

    public OutboundDemandTests()
    {
        _plane = new ScriptedResources(_store);
        _mesh = new DemandedMesh(_store, _plane, _time);
    }

    [Fact]
    public async Task An_address_that_nobody_knows_is_asked_for_once_and_passed_through()
    {
        PlainTcpRoute route = Assert.IsType<PlainTcpRoute>(await DecideAsync("192.0.2.1:80"));

        Assert.Equal(IPEndPoint.Parse("192.0.2.1:80"), route.Destination);
        Assert.Equal(["/192.0.2.1"], _plane.Asked);
    }

    [Fact]
    public async Task What_is_known_is_not_asked_for()
    {
        _store.Update(mesh => mesh.UpsertWorkload(Behind).UpsertWorkload(Waypoint));

        Assert.IsType<TunnelRoute>(await DecideAsync("10.0.0.1:80"));
        Assert.Empty(_plane.Asked);
    }

    [Fact]
    public async Task What_lies_in_the_range_of_a_known_service_is_asked_for_all_the_same()
    {
        Service range = ServiceAt("range", "203.0.113.1") with
        {
            CidrVips = [new NetworkPrefix(string.Empty, Prefix("10.0.0.0/8"))],
            Waypoint = GatewayAt("192.0.2.5"),
        };
        _store.Update(mesh => mesh.UpsertService(range).UpsertWorkload(Pod("far", "10.7.7.7").EndpointOf(range)));
        _plane.Knows("/10.0.0.1", mesh => mesh.UpsertWorkload(Behind))
            .Knows("/192.0.2.5", mesh => mesh.UpsertWorkload(Pod("outside", "192.0.2.5")))
            .Knows("/10.96.0.1", mesh => mesh.UpsertService(Web).UpsertWorkload(Pod("web", "10.0.0.8").EndpointOf(Web)));

        // An exact virtual address comes before the range, a workload before the range's waypoint; what nobody has is the range's.
        Assert.Equal("10.0.0.8:15008", await TunnelAsync("10.96.0.1:80"));
        Assert.Equal("10.7.7.7:15008", await TunnelAsync("10.0.0.1:80"));
        Assert.Equal("192.0.2.5:15008", await TunnelAsync("10.9.9.9:80"));
        Assert.Equal(["/10.96.0.1", "/10.0.0.1", "/10.9.9.9", "/192.0.2.5"], _plane.Asked);
    }

    [Fact]
    public async Task A_pod_that_connects_to_ever_new_addresses_waits_for_a_bounded_number_and_leaves_the_other_pods_theirs()
    {
        for (int host = 0; host <= NamesUnderWay.Max; host++)
        {
            _plane.Silent.Add($"/192.0.2.{host}");
        }

        Task<OutboundRoute>[] waiting = [.. Enumerable.Range(0, NamesUnderWay.Max).Select(host => DecideAsync($"192.0.2.{host}:80"))];
        Task<OutboundRoute> same = DecideAsync("192.0.2.7:443");
        ConnectionFailure failure = Assert.IsType<RefusedRoute>(await DecideAsync($"192.0.2.{NamesUnderWay.Max}:80")).Failure;
        Task<OutboundRoute> otherPods = OutboundDemand
            .DecideAsync(_mesh.WithOwnLimit(), Router(), Request($"192.0.2.{NamesUnderWay.Max}:80", Source, "127.0.0.1:4000")).AsTask();

        Assert.Equal((FailureReason.Overloaded, FailureSide.Proxy), (failure.Reason, failure.Side));
        Assert.Equal($"too many questions are under way to ask the control plane about destination /192.0.2.{NamesUnderWay.Max}", failure.Message);
        Assert.Contains($"{NamesUnderWay.Max} names", failure.Hint);
        Assert.False(otherPods.IsCompleted || same.IsCompleted || waiting.Any(task => task.IsCompleted));

        _time.Advance(DemandRounds.Patience);
        await Task.WhenAll([.. waiting, same, otherPods]).WaitAsync(TimeSpan.FromSeconds(30));
        _plane.Silent.Clear();
        Assert.IsType<PlainTcpRoute>(await DecideAsync($"192.0.2.{NamesUnderWay.Max}:80"));
    }

    [Fact]
    public async Task The_waypoint_of_a_workload_is_asked_for_after_the_workload()
    {
        _plane.Knows("/10.0.0.1", mesh => mesh.UpsertWorkload(Behind)).Knows("/10.0.0.5", mesh => mesh.UpsertWorkload(Waypoint));

        TunnelRoute route = Assert.IsType<TunnelRoute>(await DecideAsync("10.0.0.1:80"));

        Assert.Equal(("10.0.0.5:15008", "10.0.0.1:80"), (route.TunnelEndPoint.ToString(), route.Authority));
        Assert.Equal(["/10.0.0.1", "/10.0.0.5"], _plane.Asked);
    }

    [Fact]
    public async Task The_waypoint_of_a_service_is_asked_for_by_its_host_name()
    {
        _plane.Knows("/10.96.0.1", mesh => mesh.UpsertService(Web with { Waypoint = GatewayAt(WaypointService) }))
            .Knows(WaypointService.Key.ToString(), mesh => mesh.UpsertService(WaypointService).UpsertWorkload(Waypoint.EndpointOf(WaypointService)));

        TunnelRoute route = Assert.IsType<TunnelRoute>(await DecideAsync("10.96.0.1:80"));

        Assert.Equal(("10.0.0.5:15018", "10.96.0.1:80"), (route.TunnelEndPoint.ToString(), route.Authority));
        Assert.Equal(["/10.96.0.1", "shop/waypoint.shop.svc.cluster.local"], _plane.Asked);
    }

    [Fact]
    public async Task A_waypoint_that_does_not_exist_is_never_gone_around()
    {
        _plane.Knows("/10.0.0.1", mesh => mesh.UpsertWorkload(Behind));

        RefusedRoute refused = Assert.IsType<RefusedRoute>(await DecideAsync("10.0.0.1:80"));

        Assert.Equal((FailureReason.UnknownWaypoint, "unknown waypoint: /10.0.0.5"), (refused.Reason, refused.Error));
    }

    [Fact]
    public async Task Traffic_of_a_waypoint_that_the_mesh_did_not_know_goes_straight_to_the_workload()
    {
        _plane.Knows("/10.0.0.1", mesh => mesh.UpsertWorkload(Behind)).Knows("/10.0.0.5", mesh => mesh.UpsertWorkload(Waypoint));

        TunnelRoute route = Assert.IsType<TunnelRoute>(await DecideAsync("10.0.0.1:80", Waypoint, "10.0.0.5:4000"));

        Assert.Equal("10.0.0.1:15008", route.TunnelEndPoint.ToString());
    }

    [Fact]
    public async Task A_network_gateway_is_asked_for_on_its_network()
    {
        Workload remote = Pod("remote").EndpointOf(Web) with { Network = "remote", NetworkGateway = GatewayAt("remote/10.22.1.1", 15009) };
        _plane.Knows("/10.96.0.1", mesh => mesh.UpsertService(Web).UpsertWorkload(remote))
            .Knows("remote/10.22.1.1", mesh => mesh.UpsertWorkload(Pod("gateway", "10.22.1.1") with { Network = "remote" }));

        DoubleTunnelRoute route = Assert.IsType<DoubleTunnelRoute>(await DecideAsync("10.96.0.1:80"));

        Assert.Equal("10.22.1.1:15009", route.GatewayEndPoint.ToString());
        Assert.Equal(["/10.96.0.1", "remote/10.22.1.1"], _plane.Asked);
    }

    [Fact]
    public async Task A_waypoint_on_another_network_takes_three_questions()
    {
        Workload waypoint = Pod("wp").EndpointOf(WaypointService) with { Network = "remote", NetworkGateway = GatewayAt("remote/10.22.1.1", 15009) };
        _plane.Knows("/10.96.0.1", mesh => mesh.UpsertService(Web with { Waypoint = GatewayAt(WaypointService) }))
            .Knows(WaypointService.Key.ToString(), mesh => mesh.UpsertService(WaypointService).UpsertWorkload(waypoint))
            .Knows("remote/10.22.1.1", mesh => mesh.UpsertWorkload(Pod("gateway", "10.22.1.1") with { Network = "remote" }));

        Assert.IsType<DoubleTunnelRoute>(await DecideAsync("10.96.0.1:80"));
        Assert.Equal(["/10.96.0.1", "shop/waypoint.shop.svc.cluster.local", "remote/10.22.1.1"], _plane.Asked);
    }

    [Fact]
    public async Task The_destination_is_asked_for_on_the_proxys_network_and_on_the_sources()
    {
        Workload elsewhere = Source with { Network = "net2" };

        Assert.IsType<PlainTcpRoute>(await DecideAsync("192.0.2.1:80", elsewhere));
        Assert.Equal(["/192.0.2.1", "net2/192.0.2.1"], _plane.Asked);
    }

    [Fact]
    public async Task Of_weighted_waypoints_one_is_drawn_for_a_connection_and_only_that_one_asked_for()
    {
        Service weighted = Web with { WeightedWaypoints = [new WeightedWaypoint(GatewayAt("10.0.0.5"), 1), new WeightedWaypoint(GatewayAt("10.0.0.6"), 1)] };
        _plane.Knows("/10.0.0.5", mesh => mesh.UpsertWorkload(Waypoint)).Knows("/10.0.0.6", mesh => mesh.UpsertWorkload(Pod("wp2", "10.0.0.6")));
        HashSet<string> used = [];
        for (int connection = 0; connection < 200; connection++)
        {
            _store.Replace(new TestMesh().With(Source).With(weighted).Snapshot());
            _plane.Asked.Clear();
            TunnelRoute route = Assert.IsType<TunnelRoute>(await DecideAsync("10.96.0.1:80"));
            Assert.Equal($"/{route.TunnelEndPoint.Address}", Assert.Single(_plane.Asked));
            used.Add(route.TunnelEndPoint.Address.ToString());
        }

        Assert.Equal(2, used.Count);
    }

    [Theory]
    [InlineData("/192.0.2.1", "192.0.2.1:80", "destination /192.0.2.1")]
    [InlineData("/10.0.0.5", "10.0.0.1:80", "waypoint /10.0.0.5")]
    [InlineData("remote/10.22.1.1", "10.96.0.1:80", "network gateway remote/10.22.1.1")]
    public async Task A_connection_is_refused_when_no_answer_came_for_five_seconds(string silent, string destination, string named)
    {
        Workload remote = Pod("remote").EndpointOf(Web) with { Network = "remote", NetworkGateway = GatewayAt("remote/10.22.1.1", 15009) };
        _store.Update(mesh => mesh.UpsertWorkload(Behind).UpsertService(Web).UpsertWorkload(remote));
        _plane.Silent.Add(silent);

        Task<OutboundRoute> deciding = DecideAsync(destination);
        _time.Advance(TimeSpan.FromMilliseconds(4_999));
        Assert.False(deciding.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        ConnectionFailure failure = Assert.IsType<RefusedRoute>(await deciding.WaitAsync(TimeSpan.FromSeconds(30))).Failure;
        Assert.Equal((FailurePhase.Route, FailureSide.Proxy, FailureReason.TimedOut), (failure.Phase, failure.Side, failure.Reason));
        Assert.Equal($"no answer from the control plane about {named}", failure.Message);
        Assert.Contains("XDS_ON_DEMAND is on and no answer came within 5 s", failure.Hint);
    }

    [Fact]
    public async Task All_questions_of_a_connection_share_its_five_seconds()
    {
        _plane.Knows("/10.0.0.1", mesh => mesh.UpsertWorkload(Behind));
        _plane.Silent.Add("/10.0.0.5");
        _plane.OnAsked = () => _time.Advance(TimeSpan.FromSeconds(2));

        Task<OutboundRoute> deciding = DecideAsync("10.0.0.1:80");
        Assert.False(deciding.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("waypoint /10.0.0.5", Assert.IsType<RefusedRoute>(await deciding.WaitAsync(TimeSpan.FromSeconds(30))).Error);
    }

    [Fact]
    public async Task A_mesh_that_changes_with_every_answer_is_given_up()
    {
        for (int round = 0; round <= DemandRounds.MaxRounds; round++)
        {
            int next = round + 1;
            _plane.Knows($"/10.9.0.{round}", mesh => mesh.UpsertWorkload(Behind with { Waypoint = GatewayAt($"10.9.0.{next}") }).RemoveAddress("none"));
        }

        _store.Update(mesh => mesh.UpsertWorkload(Behind with { Waypoint = GatewayAt("10.9.0.0") }));
        RefusedRoute refused = Assert.IsType<RefusedRoute>(await DecideAsync("10.0.0.1:80"));

        Assert.Equal(DemandRounds.MaxRounds, _plane.Asked.Count);
        Assert.Equal((FailureReason.NoRoute, "the mesh changed with every answer of the control plane, the last time about waypoint /10.9.0.8"), (refused.Reason, refused.Error));
        Assert.NotNull(refused.Hint);
    }

    [Fact]
    public void A_mesh_that_is_known_whole_is_decided_on_as_it_is() =>
        Assert.IsType<PlainTcpRoute>(Router().Decide(_store.Current, Request("192.0.2.1:80", Source, "127.0.0.1:4000"), new Random(1)));

    private static OutboundRouter Router() => new(new OutboundRouterOptions(string.Empty, new OwnPorts(Socks: false)));

    private static OutboundRequest Request(string destination, Workload source, string application) =>
        new(source, IPEndPoint.Parse(application), IPEndPoint.Parse(destination));

    private async Task<string> TunnelAsync(string destination) =>
        Assert.IsType<TunnelRoute>(await DecideAsync(destination)).TunnelEndPoint.ToString();

    private Task<OutboundRoute> DecideAsync(string destination, Workload? source = null, string application = "127.0.0.1:4000") =>
        OutboundDemand.DecideAsync(_mesh, Router(), Request(destination, source ?? Source, application)).AsTask();
}
