using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

public class MeshSnapshotBuilderTests
{
    private static readonly Service Web = ServiceAt("web", "10.96.0.1");
    private static readonly Service AnyHealth =
        Web with { LoadBalancer = new LoadBalancer([], LoadBalancerMode.Standard, HealthPolicy.AllowAll) };

    private static readonly Workload First = Pod("first", "10.0.0.1").EndpointOf(Web);
    private static readonly Workload Second = Pod("second", "10.0.0.2").EndpointOf(Web);
    private static readonly Workload Sick = Second with { Status = HealthStatus.Unhealthy };

    [Fact]
    public void A_workload_is_found_by_uid_address_and_host_name_until_it_is_removed()
    {
        Workload workload = First with { Hostname = "first.example", Network = "net1" };
        MeshSnapshotBuilder builder = new();
        MeshSnapshot with = builder.UpsertWorkload(workload).Build();
        Assert.True(builder.RemoveWorkload(workload.Uid));
        Assert.False(builder.RemoveWorkload(workload.Uid));
        MeshSnapshot without = builder.Build();
        foreach ((MeshSnapshot snapshot, Workload? expected) in new[] { (with, workload), (without, null) })
        {
            Assert.Equal(expected, snapshot.FindWorkload(workload.Uid));
            Assert.Equal(expected, snapshot.FindWorkload("net1", Ip("10.0.0.1")));
            Assert.Equal(expected, snapshot.FindWorkloadByHostname(new ServiceKey(Namespace, "first.example")));
            Assert.Equal(expected, snapshot.FindLocalWorkload(new LocalWorkloadKey(Namespace, "first", "first")));
            Assert.Null(snapshot.FindWorkload(string.Empty, Ip("10.0.0.1")));
            Assert.Null(snapshot.FindWorkloadByHostname(new ServiceKey(Namespace, "absent.example")));
        }

        Assert.Empty(without.StagedEndpoints);
    }

    [Fact]
    public void A_host_network_workload_is_not_found_by_address_but_is_an_endpoint()
    {
        MeshSnapshot snapshot = new TestMesh().With(Web).With(First with { NetworkMode = NetworkMode.HostNetwork }).Snapshot();
        Assert.Null(snapshot.FindWorkload(string.Empty, Ip("10.0.0.1")));
        Assert.Equal([First.Uid], EndpointsOf(snapshot));
    }

    [Fact]
    public void On_one_address_a_pod_comes_first_then_HBONE_and_removal_leaves_the_others()
    {
        Workload entry = First with { Uid = "cluster1/networking.istio.io/WorkloadEntry/shop/e" };
        Workload plainPod = First with { Uid = "cluster1//Pod/shop/plain", Protocol = TunnelProtocol.Tcp };
        Workload pod = First with { Uid = "cluster1//Pod/shop/hbone" };
        Workload plainEntry = entry with { Uid = "x", Protocol = TunnelProtocol.Tcp };
        MeshSnapshotBuilder builder = new();
        foreach (Workload workload in new[] { plainEntry, entry, plainPod, pod })
        {
            builder.UpsertWorkload(workload);
        }

        foreach (Workload expected in new[] { pod, plainPod, entry, plainEntry })
        {
            Assert.Equal(expected.Uid, builder.Build().FindWorkload(string.Empty, Ip("10.0.0.1"))?.Uid);
            builder.RemoveWorkload(expected.Uid);
        }

        Assert.Null(builder.Build().FindWorkload(string.Empty, Ip("10.0.0.1")));
    }

    [Fact]
    public void Only_workloads_of_the_node_are_local_and_of_any_node_when_it_has_no_name()
    {
        Workload elsewhere = Second with { Node = "node-b" };
        MeshSnapshot node = new TestMesh("node-a").With(First, elsewhere).Snapshot();
        Assert.NotNull(node.FindLocalWorkload(new LocalWorkloadKey(Namespace, "first", "first")));
        Assert.Null(node.FindLocalWorkload(new LocalWorkloadKey(Namespace, "second", "second")));
        Assert.Null(node.FindLocalWorkload(new LocalWorkloadKey(Namespace, "first", "other")));
        MeshSnapshot any = new TestMesh().With(First, elsewhere).Snapshot();
        Assert.NotNull(any.FindLocalWorkload(new LocalWorkloadKey(Namespace, "second", "second")));
    }

    [Fact]
    public void Endpoints_wait_for_their_service_and_join_it_filtered_by_health()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertWorkload(First).UpsertWorkload(Sick);
        MeshSnapshot staged = builder.Build();
        Assert.Equal(2, Assert.Single(staged.StagedEndpoints).Value.Count);
        MeshSnapshot known = builder.UpsertService(Web).Build();
        Assert.Equal([First.Uid], EndpointsOf(known));
        Assert.Empty(known.StagedEndpoints);

        MeshSnapshot lax = staged.ToBuilder().UpsertService(AnyHealth).Build();
        Assert.Equal([First.Uid, Sick.Uid], EndpointsOf(lax));
    }

    [Fact]
    public void Removing_a_workload_removes_its_staged_endpoint()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertWorkload(First).UpsertWorkload(Second);
        builder.RemoveWorkload(First.Uid);
        Assert.Equal(1, Assert.Single(builder.Build().StagedEndpoints).Value.Count);
        builder.RemoveWorkload(Second.Uid);
        Assert.Empty(builder.Build().StagedEndpoints);
        Assert.Empty(EndpointsOf(builder.UpsertService(Web).Build()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_service_anywhere_in_a_batch_gets_every_endpoint(int position)
    {
        MeshSnapshotBuilder builder = new();
        List<Action> batch = [() => builder.UpsertWorkload(First), () => builder.UpsertWorkload(Second)];
        batch.Insert(position, () => builder.UpsertService(Web));
        batch.ForEach(step => step());
        Assert.Equal([First.Uid, Second.Uid], EndpointsOf(builder.Build()));
    }

    [Fact]
    public void An_unhealthy_update_evicts_the_endpoint_and_a_healthy_one_brings_it_back()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertService(Web).UpsertWorkload(First).UpsertWorkload(Second);
        Assert.Equal([First.Uid], EndpointsOf(builder.UpsertWorkload(Sick).Build()));
        Assert.Equal([First.Uid, Second.Uid], EndpointsOf(builder.UpsertWorkload(Second).Build()));
    }

    [Fact]
    public void A_laxer_health_policy_does_not_bring_back_what_was_excluded()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertService(Web).UpsertWorkload(First).UpsertWorkload(Sick);
        Assert.Equal([First.Uid], EndpointsOf(builder.UpsertService(AnyHealth).Build()));
        Assert.Equal([First.Uid, Sick.Uid], EndpointsOf(builder.UpsertWorkload(Sick).Build()));
        Assert.Equal([First.Uid], EndpointsOf(builder.UpsertService(Web).Build()));
    }

    [Fact]
    public void A_service_update_keeps_endpoints_and_a_removal_discards_them_until_they_are_sent_again()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertService(Web).UpsertWorkload(First);
        Assert.Equal([First.Uid], EndpointsOf(builder.UpsertService(Web with { Canonical = true }).Build()));
        Assert.True(builder.RemoveService(Web.Key));
        Assert.Empty(EndpointsOf(builder.UpsertService(Web).Build()));
        Assert.Equal([First.Uid], EndpointsOf(builder.UpsertWorkload(First).Build()));
    }

    [Fact]
    public void A_workload_update_leaves_services_that_it_no_longer_names()
    {
        Service other = ServiceAt("other", "10.96.0.2");
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertService(Web).UpsertService(other).UpsertWorkload(First);
        MeshSnapshot moved = builder.UpsertWorkload(Pod("first", "10.0.0.7").EndpointOf(other)).Build();
        Assert.Empty(EndpointsOf(moved));
        Assert.Equal(1, moved.EndpointsOf(other.Key).Count);
        Assert.Null(moved.FindWorkload(string.Empty, Ip("10.0.0.1")));
        Assert.Equal(1, moved.WorkloadCount);
    }

    [Fact]
    public void An_address_resource_is_removed_as_workload_else_as_service_but_never_by_a_uids_shape()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertService(Web).UpsertWorkload(First);
        Assert.False(builder.RemoveAddress("cluster1//Pod/shop/gone"));
        Assert.False(builder.RemoveAddress("nothing"));
        Assert.True(builder.RemoveAddress(First.Uid));
        Assert.True(builder.RemoveAddress(Web.Key.ToString()));
        Assert.Equal((0, 0), (builder.Build().WorkloadCount, builder.Build().ServiceCount));
    }

    [Fact]
    public void A_changed_scope_moves_a_policy_between_indexes()
    {
        AuthorizationPolicy policy = Policy("p", PolicyAction.Deny);
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertPolicy(policy);
        Assert.Equal((1, 0), Indexed(builder.Build()));
        Assert.Equal((0, 1), Indexed(builder.UpsertPolicy(policy with { Scope = PolicyScope.Global }).Build()));
        Assert.Equal((0, 0), Indexed(builder.UpsertPolicy(policy with { Scope = PolicyScope.WorkloadSelector }).Build()));
        Assert.NotNull(builder.Build().FindPolicy("shop/p"));
        Assert.Equal((1, 0), Indexed(builder.UpsertPolicy(policy).Build()));
        Assert.True(builder.RemovePolicy("shop/p"));
        Assert.False(builder.RemovePolicy("shop/p"));
        Assert.Equal((0, 0), Indexed(builder.Build()));

        static (int Namespace, int Global) Indexed(MeshSnapshot snapshot) =>
            (snapshot.PoliciesOfNamespace(Namespace).Length, snapshot.PoliciesOfNamespace(string.Empty).Length);
    }

    [Fact]
    public void Random_changes_leave_the_state_that_the_rules_say_and_every_earlier_snapshot_as_it_was()
    {
        Random random = new(41);
        MeshSnapshotBuilder builder = new();
        MeshModel model = new();
        List<(MeshSnapshot Snapshot, string Expected)> kept = [];
        for (int step = 0; step < 3000; step++)
        {
            model.ApplyRandomChange(random, builder);
            if (random.Next(25) == 0)
            {
                kept.Add((builder.Build(), model.Describe()));
                builder = random.Next(2) == 0 ? kept[^1].Snapshot.ToBuilder() : builder;
            }
        }

        Assert.All(kept, pair => Assert.Equal(pair.Expected, MeshModel.Describe(pair.Snapshot)));
    }

    [Fact]
    public void A_workload_that_takes_the_room_of_a_removed_one_is_found_and_the_removed_one_is_not()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertWorkload(First).UpsertWorkload(Second);
        MeshSnapshot before = builder.Build();
        builder.RemoveWorkload(First.Uid);
        Workload third = Pod("third", "10.0.0.3");
        Workload fourth = Pod("fourth", "10.0.0.4");
        MeshSnapshot after = builder.UpsertWorkload(third).UpsertWorkload(fourth).Build();
        Assert.Equal([First, Second, null, null], Found(before));
        Assert.Equal([null, Second, third, fourth], Found(after));
        Assert.Equal(3, after.WorkloadCount);

        static IEnumerable<Workload?> Found(MeshSnapshot snapshot) =>
            Enumerable.Range(1, 4).Select(last => snapshot.FindWorkload(string.Empty, Ip($"10.0.0.{last}")));
    }

    [Fact]
    public void An_update_is_found_at_its_new_addresses_only_and_with_its_new_state()
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertWorkload(First);
        Workload sick = First with { Status = HealthStatus.Unhealthy };
        Assert.Equal(sick, builder.UpsertWorkload(sick).Build().FindWorkload(string.Empty, Ip("10.0.0.1")));
        MeshSnapshot moved = builder.UpsertWorkload(First with { Addresses = [Ip("10.0.0.9")] }).Build();
        Assert.Null(moved.FindWorkload(string.Empty, Ip("10.0.0.1")));
        Assert.Equal(First.Uid, moved.FindWorkload(string.Empty, Ip("10.0.0.9"))?.Uid);
        MeshSnapshot onHost = builder.UpsertWorkload(First with { NetworkMode = NetworkMode.HostNetwork }).Build();
        Assert.Null(onHost.FindWorkload(string.Empty, Ip("10.0.0.1")));
        Assert.Null(onHost.FindWorkload(string.Empty, Ip("10.0.0.9")));
    }

    [Fact]
    public void An_update_keeps_the_texts_and_lists_that_it_does_not_change()
    {
        static Workload Read() => Pod("first", "10.0.0.1") with { Uid = new string("a//Pod/b/first".AsSpan()), Services = Pod("first", "10.0.0.1").EndpointOf(Web).Services };
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertWorkload(Read());
        Workload before = builder.Build().FindWorkload("a//Pod/b/first")!;
        Workload after = builder.UpsertWorkload(Read() with { Status = HealthStatus.Unhealthy }).Build().FindWorkload("a//Pod/b/first")!;
        Assert.Same(before.Uid, after.Uid);
        Assert.True(before.Addresses == after.Addresses);
        Assert.True(before.Services == after.Services);
        Assert.Equal(HealthStatus.Unhealthy, after.Status);
    }

    [Theory]
    [InlineData(EndpointSet.MostInArray)]
    [InlineData(EndpointSet.MostInArray * 4)]
    public void Endpoints_come_change_and_go_in_services_of_any_size(int count)
    {
        MeshSnapshotBuilder builder = new MeshSnapshotBuilder().UpsertService(AnyHealth);
        Workload[] pods = [.. Enumerable.Range(0, count).Select(index => Pod($"p{index}", $"10.1.0.{index}").EndpointOf(Web))];
        List<(MeshSnapshot Snapshot, string[] Uids)> kept = [];
        foreach (Workload pod in pods)
        {
            builder.UpsertWorkload(pod).UpsertWorkload(pod with { Status = HealthStatus.Unhealthy });
            Keep();
        }

        foreach (Workload pod in pods)
        {
            builder.RemoveWorkload(pod.Uid);
            Keep();
        }

        Assert.Empty(kept[^1].Uids);
        foreach ((MeshSnapshot snapshot, string[] uids) in kept)
        {
            Assert.Equal(uids, EndpointsOf(snapshot));
            EndpointSet endpoints = snapshot.EndpointsOf(Web.Key);
            Assert.Equal(uids.Length, endpoints.Count);
            Assert.All(uids, uid => Assert.Equal(HealthStatus.Unhealthy, endpoints.Find(uid)!.Status));
            Assert.Null(endpoints.Find("absent"));
        }

        void Keep()
        {
            MeshSnapshot snapshot = builder.Build();
            kept.Add((snapshot, [.. snapshot.Workloads.Select(workload => workload.Uid).Order()]));
        }
    }

    private static IEnumerable<string> EndpointsOf(MeshSnapshot snapshot) =>
        snapshot.EndpointsOf(Web.Key).All.ToArray().Select(endpoint => endpoint.Workload.Uid).Order();
}
