using Ambient.Mesh.Addresses;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Messages;
using static Ambient.Testing.Xds.ScriptedStream;

namespace Ambient.InProcessTests.Xds;

/// <summary>The protocol of node-proxy 3.3, 3.4 and 3.6, and the rows of 11.7, frame by frame.</summary>
public sealed class SubscriptionTests
{
    [Fact]
    public async Task A_stream_opens_with_both_subscriptions_and_the_node()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.Plane.AcceptAsync();
        (DeltaDiscoveryRequest addresses, DeltaDiscoveryRequest policies) = await stream.ReadSubscriptionsAsync();

        Assert.Equal(ScriptedControlPlane.Path, stream.Call.Path);
        Assert.Equal((XdsTypes.Address, XdsTypes.Authorization), (addresses.TypeUrl, policies.TypeUrl));
        Assert.Equal("ztunnel~10.0.0.9~ztunnel-1.istio-system~istio-system.svc.cluster.local", addresses.Node.Id);
        Assert.Equal("c1", policies.Node.Metadata.Fields["CLUSTER_ID"].StringValue);
        Assert.Equal("node-1", policies.Node.Metadata.Fields["NODE_NAME"].StringValue);
        Assert.All([addresses, policies], request =>
        {
            Assert.Empty(request.ResourceNamesSubscribe);
            Assert.Empty(request.ResourceNamesUnsubscribe);
            Assert.Empty(request.InitialResourceVersions);
        });
    }

    [Fact]
    public async Task An_answer_is_its_type_and_nonce_alone()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();

        DeltaDiscoveryRequest ack = await stream.ExchangeAsync(XdsTypes.Address, [Workload("a")]);

        Assert.Equal(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Address, ResponseNonce = "nonce-1" }, ack);
    }

    [Fact]
    public async Task Ready_once_both_types_were_accepted_and_a_NACK_does_not_count()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [Garbage("bad")]);
        await stream.ExchangeAsync(XdsTypes.Authorization, [Policy(new Authorization { Namespace = "shop", Name = "deny" })]);
        Assert.False(rig.Client.Ready.IsCompleted);

        await stream.ExchangeAsync(XdsTypes.Address, [Workload("a")]);

        await rig.Client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(rig.Store.Current.FindPolicy("shop/deny"));
        Assert.NotNull(rig.Store.Current.FindWorkload("a"));
    }

    [Fact]
    public async Task Of_a_response_the_good_resources_are_applied_and_the_bad_ones_named()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [Workload(new WorkloadMessage { Uid = "kept", Node = "before" })]);

        DeltaDiscoveryRequest nack = await stream.ExchangeAsync(
            XdsTypes.Address, [Workload("first"), Garbage("kept"), AddressResource(new Address(), "neither"), Workload("last")]);

        Assert.Equal(0, nack.ErrorDetail.Code);
        Assert.StartsWith("kept: ", nack.ErrorDetail.Message);
        Assert.EndsWith("; neither: unknown address type", nack.ErrorDetail.Message);
        Assert.NotNull(rig.Store.Current.FindWorkload("first"));
        Assert.NotNull(rig.Store.Current.FindWorkload("last"));
        Assert.Equal("before", rig.Store.Current.FindWorkload("kept")!.Node);
    }

    [Fact]
    public async Task An_unknown_type_is_acknowledged_and_reported()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();

        DeltaDiscoveryRequest ack = await stream.ExchangeAsync("type.googleapis.com/unheard.Of", [Workload("a")]);

        Assert.Null(ack.ErrorDetail);
        Assert.Equal("this type was not subscribed to", await rig.Events.NextRejectionAsync());
        Assert.Equal(0, rig.Store.Current.WorkloadCount);
    }

    [Fact]
    public async Task Removals_come_after_the_resources_of_the_same_response()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();

        await stream.ExchangeAsync(XdsTypes.Address, [Workload("a"), Workload("b")], "a", "unknown", "ns/unknown.host");

        Assert.Equal(["b"], rig.Store.Current.Workloads.Select(workload => workload.Uid));
    }

    [Fact]
    public async Task A_workload_that_comes_later_ends_the_wait_for_it()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task<Workload?> waiting = rig.Store.WaitForLocalWorkloadAsync("pod", "shop", "account", TimeSpan.FromSeconds(30)).AsTask();
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("other")]);
        Assert.False(waiting.IsCompleted);

        await stream.ExchangeAsync(
            XdsTypes.Address, [Workload(new WorkloadMessage { Uid = "u", Name = "pod", Namespace = "shop", ServiceAccount = "account" })]);

        Assert.Equal("u", (await waiting)!.Uid);
    }

    [Fact]
    public async Task A_policy_with_a_condition_that_cannot_be_read_is_acknowledged_applied_and_reported()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        AuthorizationMatch match = new() { Principals = { new StringMatchMessage() }, DestinationPorts = { 80 } };

        DeltaDiscoveryRequest ack = await stream.ExchangeAsync(
            XdsTypes.Authorization,
            [Policy(new Authorization { Namespace = "shop", Name = "p", Rules = { new AuthorizationRule { Clauses = { new AuthorizationClause { Matches = { match } } } } } })]);

        Assert.Null(ack.ErrorDetail);
        Assert.NotNull(rig.Store.Current.FindPolicy("shop/p"));
        Assert.StartsWith("shop/p: 1 condition(s)", await rig.Events.NextRemarkAsync());
    }

    [Fact]
    public async Task Once_ready_the_policies_that_were_sent_decide()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        AuthorizationMatch match = new() { DestinationPorts = { 80 } };
        Authorization deny = new()
        {
            Namespace = "shop",
            Name = "deny",
            Scope = AuthorizationScope.Namespace,
            Action = AuthorizationAction.Deny,
            Rules = { new AuthorizationRule { Clauses = { new AuthorizationClause { Matches = { match } } } } },
        };
        await stream.ExchangeAsync(XdsTypes.Authorization, [Policy(deny)]);
        await stream.ExchangeAsync(XdsTypes.Address, [Workload(new WorkloadMessage { Uid = "a", Namespace = "shop" })]);
        await rig.Client.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("explicitly denied by: shop/deny", Judge(rig, 80).Reason);
        Assert.True(Judge(rig, 81).IsAllowed);

        await stream.ExchangeAsync(XdsTypes.Authorization, [], "shop/other", "deny");
        Assert.False(Judge(rig, 80).IsAllowed);
        await stream.ExchangeAsync(XdsTypes.Authorization, [], "shop/deny");
        Assert.True(Judge(rig, 80).IsAllowed);
    }

    private static AuthorizationDecision Judge(ClientRig rig, ushort port)
    {
        MeshIp ip = MeshIp.From(System.Net.IPAddress.Loopback);
        return PolicyEvaluator.Evaluate(rig.Store.Current, rig.Store.Current.FindWorkload("a")!, new AuthorizationRequest(ip, ip, port, null));
    }
}
