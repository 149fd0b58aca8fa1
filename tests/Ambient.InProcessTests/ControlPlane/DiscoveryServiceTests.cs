using System.Globalization;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Xds;
using Ambient.Grpc;
using Ambient.InProcessTests.Xds;
using Ambient.Mesh.State;
using Ambient.Xds;
using Ambient.Xds.Messages;
using MeshChange = Ambient.ControlPlane.Distribution.MeshChange;

namespace Ambient.InProcessTests.ControlPlane;

public sealed class DiscoveryServiceTests
{
    private const string NodeId = "ztunnel~10.0.0.9~ztunnel-1.istio-system~istio-system.svc.cluster.local";

    [Fact]
    public async Task A_proxy_gets_the_mesh_and_then_every_change()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        rig.Publish(DiscoveryRig.Workload("a", "10.0.0.1"), DiscoveryRig.Workload("b", "10.0.0.2"));
        (XdsClient client, MeshStore store) = rig.Connect();

        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, store.Current.WorkloadCount);

        rig.Publish(DiscoveryRig.Workload("c", "10.0.0.3"));
        rig.Remove("a");
        await DiscoveryRig.UntilAsync(store, mesh => mesh.FindWorkload("c") is not null && mesh.FindWorkload("a") is null);
    }

    [Fact]
    public async Task A_proxy_is_ready_although_the_mesh_is_empty()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        (XdsClient client, MeshStore store) = rig.Connect();

        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, store.Current.WorkloadCount);
    }

    [Fact]
    public async Task A_proxy_that_comes_back_to_another_replica_is_sent_only_the_difference()
    {
        ResourceCache other = new();
        other.Publish(new MeshChange(
            [.. Enumerable.Range(0, 100).Select(Numbered), DiscoveryRig.Workload("new", "10.9.9.9")], []));
        await using DiscoveryRig first = await DiscoveryRig.StartAsync();
        first.Publish([.. Enumerable.Range(0, 100).Select(Numbered), DiscoveryRig.Workload("gone", "10.8.8.8")]);
        RecordedXdsEvents events = new();
        (XdsClient client, MeshStore store) = first.Connect(events: events);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        int port = first.Address.Port;

        await first.StopServingAsync();
        await events.NextEndAsync();
        await using DiscoveryRig second = await DiscoveryRig.StartAsync(other, port: port);
        await DiscoveryRig.UntilAsync(store, mesh => mesh.FindWorkload("new") is not null);

        Assert.Null(store.Current.FindWorkload("gone"));
        Assert.Equal(101, store.Current.WorkloadCount);
    }

    [Fact]
    public async Task The_first_response_after_a_reconnect_holds_only_the_difference()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        rig.Publish([.. Enumerable.Range(0, 10).Select(Numbered)]);
        using GrpcChannel channel = rig.Channel();
        DeltaDiscoveryRequest request = Subscribe();
        foreach (int index in Enumerable.Range(0, 9))
        {
            string uid = $"pod-{index}";
            request.InitialResourceVersions[uid] = rig.Cache.Addresses.Find(uid)!.Content!.Version;
        }

        request.InitialResourceVersions["gone"] = "1";
        await using var call = rig.Open(channel);
        await call.WriteAsync(request);
        DeltaDiscoveryResponse? response = await call.ReadAsync();

        Assert.Equal(["pod-9"], response!.Resources.Select(resource => resource.Name));
        Assert.Equal(["gone"], response.RemovedResources);
    }

    [Fact]
    public async Task On_demand_a_proxy_gets_what_it_asks_for_and_nothing_else()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        rig.Publish([.. Enumerable.Range(0, 50).Select(Numbered)]);
        (XdsClient client, MeshStore store) = rig.Connect(onDemand: true);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(Mesh.Addresses.MeshIp.TryParse("10.1.0.7", out Mesh.Addresses.MeshIp known));
        Assert.True(Mesh.Addresses.MeshIp.TryParse("10.77.0.7", out Mesh.Addresses.MeshIp unknown));
        await client.FetchAsync(ResourceName.Of(string.Empty, known)).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await client.FetchAsync(ResourceName.Of(string.Empty, unknown)).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["pod-7"], store.Current.Workloads.Select(workload => workload.Uid));
    }

    [Fact]
    public async Task What_a_proxy_refuses_is_reported_with_its_reason()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        MeshResource bad = new(
            new ResourceKey(ResourceKind.Workload, "bad"),
            new WorkloadMessage { Uid = "bad", Addresses = { Google.Protobuf.ByteString.CopyFrom(1, 2, 3) } });
        rig.Publish(DiscoveryRig.Workload("good", "10.0.0.1"), bad);
        (_, MeshStore store) = rig.Connect();

        ProxyReport report = await rig.ReportAsync(proxy => proxy.Types.Any(type => type.Refusals > 0));

        Assert.NotNull(store.Current.FindWorkload("good"));
        Assert.Contains("bad: ", report.Types.Single(type => type.Refusals > 0).LastRefusal, StringComparison.Ordinal);
        Assert.False(report.HasAccepted(XdsTypes.Address, rig.Cache.Addresses.Sequence));
    }

    [Fact]
    public async Task A_change_is_reported_as_accepted_once_the_proxy_has_answered()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        (XdsClient client, MeshStore store) = rig.Connect("node-7");
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        rig.Publish(DiscoveryRig.Workload("a", "10.0.0.1"));
        ProxyReport report = await rig.ReportAsync(proxy => proxy.HasAccepted(XdsTypes.Address, rig.Cache.Addresses.Sequence));

        Assert.NotNull(store.Current.FindWorkload("a"));
        Assert.Equal(("ztunnel", "ztunnel-node-7", "node-7"), (report.Node.Kind, report.Node.PodName, report.Node.NodeName));
    }

    [Fact]
    public async Task A_proxy_that_reads_nothing_delays_no_other_and_is_cut_off()
    {
        DiscoveryLimits limits = new() { WriteTimeout = TimeSpan.FromSeconds(2), MaxConcurrentFirstPushes = 2 };
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync(limits: limits);
        rig.Publish([.. Enumerable.Range(0, 50_000).Select(Numbered)]);
        using GrpcChannel channel = rig.Channel();
        await using var stuck = rig.Open(channel);
        await stuck.WriteAsync(Subscribe());
        (XdsClient client, MeshStore store) = rig.Connect("node-2");
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        rig.Publish(DiscoveryRig.Workload("news", "10.9.0.1"));
        await DiscoveryRig.UntilAsync(store, mesh => mesh.FindWorkload("news") is not null);

        await rig.ReportAsync(_ => rig.Service.Proxies.Count() == 1);
        await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            while (await stuck.ReadAsync() is not null)
            {
                // What was under way when it was cut off.
            }
        });
    }

    [Theory]
    [InlineData("istio-system", "ztunnel", "node-2")]
    [InlineData("elsewhere", "ztunnel", "node-1")]
    public async Task A_proxy_that_claims_to_be_another_than_its_credential_proves_is_refused(string space, string account, string node)
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync(caller: new CallerIdentity(space, account, node, PodName: string.Empty));
        RecordedXdsEvents events = new();
        rig.Connect("node-1", events: events);

        (_, string detail, _) = await events.NextEndAsync();

        Assert.Contains("its credential proves", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ztunnel")]
    [InlineData("toaster~10.0.0.9~a.b~b.svc.cluster.local")]
    public async Task A_first_request_without_a_proper_node_is_refused_with_what_is_missing(string id)
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        using GrpcChannel channel = rig.Channel();
        await using var call = rig.Open(channel);
        await call.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Address, Node = new Node { Id = id } });

        GrpcException error = await Assert.ThrowsAsync<GrpcException>(call.ReadAsync);

        Assert.Equal(GrpcStatusCode.InvalidArgument, error.Status);
        Assert.Contains("node.id", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_stream_more_than_allowed_is_refused()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync(limits: new DiscoveryLimits { MaxStreams = 1 });
        (XdsClient client, _) = rig.Connect();
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        using GrpcChannel channel = rig.Channel();
        await using var call = rig.Open(channel);

        // The server need not wait for the request to refuse it: the refusal may overtake it.
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await call.WriteAsync(Subscribe());
            await call.ReadAsync();
        });

        Assert.Equal(GrpcStatusCode.ResourceExhausted, error.Status);
    }

    [Fact]
    public async Task A_stream_that_has_reached_its_age_ends_in_a_way_that_brings_the_proxy_back_at_once()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync(limits: new DiscoveryLimits { MaxAge = TimeSpan.FromMilliseconds(500) });
        RecordedXdsEvents events = new();
        rig.Connect(events: events);

        (XdsStreamEnd end, string detail, _) = await events.NextEndAsync();

        Assert.Equal(XdsStreamEnd.Reconnect, end);
        Assert.Contains("its age", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_is_not_served_keeps_nobody_from_the_others()
    {
        await using DiscoveryRig rig = await DiscoveryRig.StartAsync();
        rig.Publish(DiscoveryRig.Workload("a", "10.0.0.1"));
        using GrpcChannel channel = rig.Channel();
        await using var call = rig.Open(channel);
        await call.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = "type.googleapis.com/envoy.config.cluster.v3.Cluster", Node = new Node { Id = NodeId } });
        await call.WriteAsync(Subscribe());

        DeltaDiscoveryResponse? response = await call.ReadAsync();

        Assert.Equal(XdsTypes.Address, response!.TypeUrl);
        Assert.Single(response.Resources);
    }

    private static MeshResource Numbered(int index) =>
        DiscoveryRig.Workload(string.Create(CultureInfo.InvariantCulture, $"pod-{index}"), $"10.1.{index / 256}.{index % 256}");

    private static DeltaDiscoveryRequest Subscribe() => new() { TypeUrl = XdsTypes.Address, Node = new Node { Id = NodeId } };
}
