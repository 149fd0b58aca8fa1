using System.Collections.Immutable;
using Ambient.Mesh.Routing;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

public class GatewayResolverTests
{
    private static readonly GatewayAddress A = GatewayAt("10.0.0.1");
    private static readonly GatewayAddress B = GatewayAt("10.0.0.2");
    private static readonly Workload Client = Pod("client", "10.0.0.9");

    [Fact]
    public void An_empty_or_weightless_set_falls_back_to_the_single_waypoint()
    {
        Service service = ServiceAt("web", "10.96.0.1");
        Assert.Null(Sample(service));
        Assert.Equal(A, Sample(service with { Waypoint = A }));
        Assert.Equal(A, Sample(service with { Waypoint = A, WeightedWaypoints = [new WeightedWaypoint(B, 0)] }));
        Assert.Null(Sample(service with { WeightedWaypoints = [new WeightedWaypoint(B, 0)] }));
        Assert.Equal(B, Sample(service with { Waypoint = A, WeightedWaypoints = [new WeightedWaypoint(B, 1)] }));
    }

    [Fact]
    public void Weights_are_honoured_and_0_is_never_chosen()
    {
        GatewayAddress never = GatewayAt("10.0.0.3");
        ImmutableArray<WeightedWaypoint> set = [new(never, 0), new(A, 75), new(B, 25)];
        Service service = ServiceAt("web", "10.96.0.1") with { WeightedWaypoints = set };
        Random random = new(11);
        GatewayAddress[] sampled = [.. Enumerable.Range(0, 8000).Select(_ => GatewayResolver.PickWaypoint(service, random)!)];
        Assert.DoesNotContain(never, sampled);
        Assert.InRange(sampled.Count(waypoint => waypoint == A), 5850, 6150);
    }

    [Fact]
    public void By_address_a_service_comes_before_a_workload_and_the_reference_decides_the_family()
    {
        Service service = ServiceAt("waypoint", "10.0.0.1", 15008, 15008);
        Workload endpoint = Pod("wp-0", "10.0.1.1").EndpointOf(service);
        MeshSnapshot snapshot = new TestMesh().With(service).With(endpoint, Pod("other", "10.0.0.1")).Snapshot();
        ResolvedGateway resolved = Resolve(snapshot, A, "fd00::1")!;
        Assert.Equal("wp-0", resolved.Upstream.Workload.Name);
        Assert.Equal(Ip("10.0.0.1"), resolved.Reference);
    }

    [Fact]
    public void By_address_of_a_workload_its_port_is_the_referenced_one()
    {
        MeshSnapshot snapshot = new TestMesh().With(Pod("wp-0", "10.0.0.1")).Snapshot();
        Assert.Equal((ushort)15009, Resolve(snapshot, GatewayAt("10.0.0.1", 15009), "10.1.1.1")!.Upstream.Port);
    }

    [Fact]
    public void By_host_name_a_service_of_another_namespace_is_found_even_if_it_is_not_visible()
    {
        Service service = ServiceAt("waypoint", "10.0.0.1", 15008, 15018) with { Namespace = "infra", Visibility = Visibility.Namespace };
        MeshSnapshot snapshot = new TestMesh().With(service).With(Pod("wp-0", "10.0.1.1").EndpointOf(service)).Snapshot();
        ResolvedGateway resolved = Resolve(snapshot, GatewayAt(service), "fd00::1")!;
        Assert.Equal((ushort)15018, resolved.Upstream.Port);
        Assert.Equal(Ip("fd00::1"), resolved.Reference);
    }

    [Fact]
    public void By_host_name_of_a_workload_its_port_is_the_referenced_one()
    {
        Workload workload = Pod("wp-0", "10.0.1.1") with { Hostname = "wp.example" };
        MeshSnapshot snapshot = new TestMesh().With(workload).Snapshot();
        Assert.Equal((ushort)15008, Resolve(snapshot, GatewayAddress.ByHostname(new ServiceKey(Namespace, "wp.example"), 15008), "10.0.0.1")!.Upstream.Port);
        Assert.Null(Resolve(snapshot, GatewayAddress.ByHostname(new ServiceKey("other", "wp.example"), 15008), "10.0.0.1"));
    }

    [Fact]
    public void An_unknown_reference_or_a_service_without_endpoints_resolves_to_nothing()
    {
        Service service = ServiceAt("waypoint", "10.0.0.1", 15008, 15008);
        Assert.Null(Resolve(MeshSnapshot.Empty, A, "10.0.0.1"));
        MeshSnapshot empty = new TestMesh().With(service).With(Pod("x", "10.0.0.1") with { Hostname = service.Hostname }).Snapshot();
        Assert.Null(Resolve(empty, A, "10.0.0.1"));
        Assert.Null(Resolve(empty, GatewayAt(service), "10.0.0.1"));
    }

    [Fact]
    public void Traffic_is_from_the_waypoint_only_with_its_identity_and_its_address()
    {
        Service service = ServiceAt("waypoint", "10.0.0.1", 15008, 15008);
        Workload first = Pod("wp-0", "10.0.1.1").EndpointOf(service) with { ServiceAccount = "wp" };
        Workload second = Pod("wp-1", "10.0.1.2").EndpointOf(service) with { ServiceAccount = "wp" };
        Workload byService = Pod("db", "10.0.2.1") with { Waypoint = GatewayAt(service) };
        Workload byAddress = byService with { Waypoint = GatewayAt("10.0.1.1") };
        MeshSnapshot snapshot = new TestMesh().With(service).With(first, second).Snapshot();
        Assert.True(GatewayResolver.IsFromWaypoint(snapshot, byService, second.Identity, Ip("10.0.1.2")));
        Assert.False(GatewayResolver.IsFromWaypoint(snapshot, byService, second.Identity, Ip("10.0.1.3")));
        Assert.False(GatewayResolver.IsFromWaypoint(snapshot, byService, Client.Identity, Ip("10.0.1.2")));
        Assert.True(GatewayResolver.IsFromWaypoint(snapshot, byAddress, first.Identity, Ip("10.0.1.1")));
        Assert.False(GatewayResolver.IsFromWaypoint(snapshot, byAddress, first.Identity, Ip("10.0.1.2")));
        Assert.False(GatewayResolver.IsFromWaypoint(snapshot, Pod("db", "10.0.2.1"), first.Identity, Ip("10.0.1.1")));
        Assert.False(GatewayResolver.IsFromWaypoint(MeshSnapshot.Empty, byService, first.Identity, Ip("10.0.1.1")));
    }

    private static GatewayAddress? Sample(Service service) => GatewayResolver.PickWaypoint(service, new Random(1));

    private static ResolvedGateway? Resolve(MeshSnapshot snapshot, GatewayAddress gateway, string destination) =>
        GatewayResolver.Resolve(snapshot, gateway, Client, Ip(destination), EndpointResolution.Waypoint, new Random(1));
}
