using Ambient.Mesh.Routing;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using FsCheck;
using FsCheck.Fluent;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

public class EndpointSelectorTests
{
    private static readonly Service Web = ServiceAt("web", "10.96.0.1");

    private static readonly Workload Client = Pod("client", "10.0.0.9") with
    {
        Network = "net1",
        Locality = new Locality("eu", "eu-a", "rack1"),
    };

    [Fact]
    public void Maps_the_port_by_endpoint_then_by_service_then_by_application_tunnel()
    {
        Service service = Web with { Ports = PortMap.Create([new PortMapping(80, 8080), new PortMapping(81, 0)]) };
        Workload mapped = Pod("mapped", "10.0.0.1").EndpointOf(service, new PortMapping(80, 9090), new PortMapping(81, 9191));
        Workload plain = Pod("plain", "10.0.0.2").EndpointOf(service);
        Workload tunnel = Pod("tunnel", "10.0.0.3").EndpointOf(service) with
        {
            ApplicationTunnel = new ApplicationTunnel(ApplicationTunnelProtocol.Proxy, 15088),
        };
        Assert.Equal((ushort)9090, Pick(service, [mapped], 80)?.TargetPort);
        Assert.Equal((ushort)9191, Pick(service, [mapped], 81)?.TargetPort);
        Assert.Equal((ushort)8080, Pick(service, [plain], 80)?.TargetPort);
        Assert.Null(Pick(service, [plain], 81));
        Assert.Null(Pick(service, [plain], 82));
        Assert.Null(Pick(service, [tunnel], 82));
        Assert.Equal((ushort)82, Pick(service, [tunnel], 82, EndpointResolution.Waypoint)?.TargetPort);
        Assert.Null(Pick(service, [plain], 82, EndpointResolution.Waypoint));
        Assert.Null(Pick(service, [plain], 81, EndpointResolution.Waypoint));
    }

    [Fact]
    public void A_tunnel_without_a_port_of_its_own_maps_nothing()
    {
        Workload tunnel = Pod("tunnel", "10.0.0.3").EndpointOf(Web) with
        {
            ApplicationTunnel = new ApplicationTunnel(ApplicationTunnelProtocol.None, null),
        };
        Assert.Null(Pick(Web, [tunnel], 82, EndpointResolution.Waypoint));
    }

    [Fact]
    public void A_mapping_to_port_0_is_no_upstream() =>
        Assert.Null(Pick(Web, [Pod("a", "10.0.0.1").EndpointOf(Web, new PortMapping(80, 0))], 80));

    [Fact]
    public void An_endpoint_without_address_needs_a_host_name_or_a_gateway_to_another_network()
    {
        Workload nothing = Pod("a").EndpointOf(Web) with { Network = "net2" };
        Workload gatewayed = nothing with { NetworkGateway = GatewayAt("net2/10.9.0.1") };
        Assert.Null(Pick(Web, [nothing], 80));
        Assert.NotNull(Pick(Web, [nothing with { Hostname = "a.example" }], 80));
        Assert.NotNull(Pick(Web, [gatewayed], 80));
        Assert.Null(Pick(Web, [gatewayed with { Network = "net1" }], 80));
    }

    [Theory]
    [InlineData("net1", "eu", "eu-a", 5)]
    [InlineData("net1", "eu", "us-a", 4)]
    [InlineData("net1", "us", "us-a", 3)]
    [InlineData("net1", "us", "eu-a", 3)]
    [InlineData("net2", "eu", "eu-a", 2)]
    [InlineData("net2", "eu", "us-a", 1)]
    [InlineData("net2", "us", "eu-a", 0)]
    [InlineData("net2", "us", "us-a", 0)]
    public void Network_as_first_preference_ranks_above_everything_else(string network, string region, string zone, int rank)
    {
        LoadBalancer balancer = Balance(LoadBalancerMode.Failover, RoutingScope.Network, RoutingScope.Region, RoutingScope.Zone);
        Assert.Equal(rank, EndpointPreference.Rank(balancer, Client, At(network, region, zone)));
    }

    [Theory]
    [InlineData("net1", "eu", "eu-a", 3)]
    [InlineData("net2", "eu", "eu-a", 2)]
    [InlineData("net1", "eu", "us-a", 1)]
    [InlineData("net1", "us", "eu-a", 0)]
    public void Network_in_another_place_is_a_preference_like_the_others(string network, string region, string zone, int rank)
    {
        LoadBalancer balancer = Balance(LoadBalancerMode.Failover, RoutingScope.Region, RoutingScope.Zone, RoutingScope.Network);
        Assert.Equal(rank, EndpointPreference.Rank(balancer, Client, At(network, region, zone)));
    }

    [Fact]
    public void Every_scope_compares_its_own_field_and_empty_equals_empty()
    {
        Workload same = Client with { Name = "same" };
        foreach ((RoutingScope scope, Workload other) in new[]
        {
            (RoutingScope.Region, same with { Locality = same.Locality with { Region = "x" } }),
            (RoutingScope.Zone, same with { Locality = same.Locality with { Zone = "x" } }),
            (RoutingScope.Subzone, same with { Locality = same.Locality with { Subzone = "x" } }),
            (RoutingScope.Node, same with { Node = "x" }),
            (RoutingScope.Cluster, same with { ClusterId = "x" }),
            (RoutingScope.Network, same with { Network = "x" }),
        })
        {
            LoadBalancer balancer = Balance(LoadBalancerMode.Strict, scope);
            Assert.True(EndpointPreference.MatchesAll(balancer, Client, same));
            Assert.False(EndpointPreference.MatchesAll(balancer, Client, other));
        }

        Workload blank = Pod("blank", "10.0.0.1") with { Node = "" };
        Assert.True(EndpointPreference.MatchesAll(Balance(LoadBalancerMode.Strict, RoutingScope.Node, RoutingScope.Zone), blank, blank));
    }

    [Fact]
    public void Strict_takes_full_matches_or_nothing()
    {
        Service service = Web with { LoadBalancer = Balance(LoadBalancerMode.Strict, RoutingScope.Network, RoutingScope.Region, RoutingScope.Zone) };
        Workload full = At("net1", "eu", "eu-a").EndpointOf(service);
        Workload near = At("net1", "eu", "us-a").EndpointOf(service) with { Uid = "near" };
        Assert.Null(Pick(service, [near], 80));
        Assert.Equal(["full"], PickedOf(service, [full with { Uid = "full" }, near]));
    }

    [Fact]
    public void Failover_takes_the_best_rank_and_else_everything()
    {
        Service service = Web with { LoadBalancer = Balance(LoadBalancerMode.Failover, RoutingScope.Network, RoutingScope.Region, RoutingScope.Zone) };
        Workload full = At("net1", "eu", "eu-a").EndpointOf(service) with { Uid = "full" };
        Workload region = At("net1", "eu", "us-a").EndpointOf(service) with { Uid = "region" };
        Workload none1 = At("net2", "us", "us-a").EndpointOf(service) with { Uid = "none1" };
        Workload none2 = At("net3", "us", "us-a").EndpointOf(service) with { Uid = "none2" };
        Assert.Equal(["full"], PickedOf(service, [none1, region, full]));
        Assert.Equal(["region"], PickedOf(service, [none1, region, none2]));
        Assert.Equal(["none1", "none2"], PickedOf(service, [none1, none2]));
    }

    [Fact]
    public void Standard_mode_ignores_preferences()
    {
        Service service = Web with { LoadBalancer = Balance(LoadBalancerMode.Standard, RoutingScope.Network) };
        Workload near = At("net1", "eu", "eu-a").EndpointOf(service) with { Uid = "near" };
        Workload far = At("net2", "us", "us-a").EndpointOf(service) with { Uid = "far" };
        Assert.Equal(["far", "near"], PickedOf(service, [near, far]));
    }

    [Fact]
    public void Capacity_is_the_weight_and_0_is_never_chosen()
    {
        Workload heavy = Pod("heavy", "10.0.0.1").EndpointOf(Web) with { Capacity = 3 };
        Workload light = Pod("light", "10.0.0.2").EndpointOf(Web);
        Workload never = Pod("never", "10.0.0.3").EndpointOf(Web) with { Capacity = 0 };
        MeshSnapshot snapshot = new TestMesh().With(Web).With(heavy, light, never).Snapshot();
        Random random = new(5);
        Dictionary<string, int> counts = [];
        for (int round = 0; round < 8000; round++)
        {
            string name = EndpointSelector.Pick(snapshot, Client, Web, 80, EndpointResolution.Standard, random)!.Value.Endpoint.Workload.Name;
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        Assert.Equal(["heavy", "light"], counts.Keys.Order());
        Assert.InRange(counts["heavy"], 5800, 6200);
        Assert.Null(Pick(Web, [never], 80));
    }

    [Fact]
    public void The_largest_capacities_do_not_overflow()
    {
        Workload[] many = [.. Enumerable.Range(0, 50).Select(index => Pod($"w{index}", "10.0.0.1").EndpointOf(Web) with { Capacity = uint.MaxValue })];
        Assert.NotNull(Pick(Web, many, 80));
    }

    [Fact]
    public void Never_picks_an_unhealthy_or_weightless_endpoint_nor_one_of_lower_rank()
    {
        Gen<Workload> workloads =
            from status in Gen.Elements(HealthStatus.Healthy, HealthStatus.Unhealthy)
            from capacity in Gen.Elements(0u, 1u, 7u)
            from network in Gen.Elements("net1", "net2")
            from region in Gen.Elements("eu", "us")
            from addressed in Gen.Elements(true, true, false)
            select At(network, region, "z") with { Status = status, Capacity = capacity, Addresses = addressed ? [Ip("10.0.0.1")] : [] };
        Arbitrary<(Workload[] Workloads, LoadBalancerMode Mode, int Seed)> cases =
            (from list in workloads.ListOf(6)
             from mode in Gen.Elements(LoadBalancerMode.Standard, LoadBalancerMode.Strict, LoadBalancerMode.Failover)
             from seed in Gen.Choose(0, int.MaxValue - 1)
             select (list.Select((workload, index) => workload with { Uid = $"w{index}" }).ToArray(), mode, seed)).ToArbitrary();
        Prop.ForAll(cases, test =>
        {
            Service service = Web with { LoadBalancer = Balance(test.Mode, RoutingScope.Network, RoutingScope.Region) };
            Workload[] endpoints = [.. test.Workloads.Select(workload => workload.EndpointOf(service))];
            Workload? picked = EndpointSelector.Pick(
                new TestMesh().With(service).With(endpoints).Snapshot(), Client, service, 80, EndpointResolution.Standard, new Random(test.Seed))
                ?.Endpoint.Workload;
            Workload[] usable = [.. endpoints.Where(workload => workload.Status == HealthStatus.Healthy && !workload.Addresses.IsEmpty)];
            int Rank(Workload workload) => EndpointPreference.Rank(service.LoadBalancer, Client, workload);
            return picked is null
                ? test.Mode == LoadBalancerMode.Failover
                    ? usable.Length == 0 || usable.Where(workload => Rank(workload) == usable.Max(Rank)).All(workload => workload.Capacity == 0)
                    : test.Mode == LoadBalancerMode.Strict || usable.All(workload => workload.Capacity == 0)
                : usable.Contains(picked) && picked.Capacity > 0
                    && (test.Mode != LoadBalancerMode.Failover || Rank(picked) == usable.Max(Rank))
                    && (test.Mode != LoadBalancerMode.Strict || EndpointPreference.MatchesAll(service.LoadBalancer, Client, picked));
        }).Check(Seeded.Config);
    }

    private static Workload At(string network, string region, string zone) => Pod("w", "10.0.0.1") with
    {
        Network = network,
        Locality = new Locality(region, zone, "rack1"),
    };

    private static EndpointChoice? Pick(
        Service service, Workload[] endpoints, ushort port, EndpointResolution resolution = EndpointResolution.Standard) =>
        EndpointSelector.Pick(new TestMesh().With(service).With(endpoints).Snapshot(), Client, service, port, resolution, new Random(1));

    private static IEnumerable<string> PickedOf(Service service, Workload[] endpoints)
    {
        MeshSnapshot snapshot = new TestMesh().With(service).With(endpoints).Snapshot();
        Random random = new(3);
        return Enumerable.Range(0, 200)
            .Select(_ => EndpointSelector.Pick(snapshot, Client, service, 80, EndpointResolution.Standard, random)!.Value.Endpoint.Workload.Uid)
            .Distinct()
            .Order();
    }
}
