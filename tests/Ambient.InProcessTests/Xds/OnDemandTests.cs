using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Testing.Certs;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using static Ambient.Testing.Xds.ScriptedStream;

namespace Ambient.InProcessTests.Xds;

public sealed class OnDemandTests
{
    private static readonly MeshIp Ip = MeshIp.From(System.Net.IPAddress.Parse("10.0.0.1"));

    [Fact]
    public async Task Only_addresses_are_asked_for_on_demand()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.Plane.AcceptAsync();
        (DeltaDiscoveryRequest addresses, DeltaDiscoveryRequest policies) = await stream.ReadSubscriptionsAsync();

        Assert.Equal("*", Assert.Single(addresses.ResourceNamesSubscribe));
        Assert.Equal("*", Assert.Single(addresses.ResourceNamesUnsubscribe));
        Assert.Empty(policies.ResourceNamesSubscribe);
        Assert.Empty(policies.ResourceNamesUnsubscribe);
        await stream.ExchangeAsync(XdsTypes.Authorization, []);
        await rig.Client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Each_kind_of_lookup_has_its_key_and_ends_with_the_resource_or_its_removal()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        foreach ((Func<ValueTask> fetch, string key) in new (Func<ValueTask>, string)[]
        {
            (() => rig.Client.FetchAsync(ResourceName.Of("", Ip)), "/10.0.0.1"),
            (() => rig.Client.FetchAsync(ResourceName.Of("net", MeshIp.From(System.Net.IPAddress.Parse("fd00::1")))), "net/fd00::1"),
            (() => rig.Client.FetchAsync(ResourceName.Of(new ServiceKey("ns", "host.name"))), "ns/host.name"),
            (() => rig.Client.FetchAsync(new ResourceName("c//Pod/a/b")), "c//Pod/a/b"),
        })
        {
            Task present = fetch().AsTask();
            DeltaDiscoveryRequest demand = await stream.ReadAsync();
            Assert.Equal((XdsTypes.Address, ""), (demand.TypeUrl, demand.ResponseNonce));
            Assert.Equal([key], demand.ResourceNamesSubscribe);
            Assert.Null(demand.Node);
            await stream.ExchangeAsync(XdsTypes.Address, [AddressResource(new Address { Workload = new WorkloadMessage { Uid = key } }, key)]);
            await present.WaitAsync(TimeSpan.FromSeconds(30));

            // It is subscribed to by now: what becomes of it is pushed.
            Assert.True(fetch().AsTask().IsCompletedSuccessfully);
        }

        Task absent = rig.Client.FetchAsync(new ResourceName("/10.0.0.2")).AsTask();
        Assert.Equal(["/10.0.0.2"], (await stream.ReadAsync()).ResourceNamesSubscribe);
        await stream.ExchangeAsync(XdsTypes.Address, [], "/10.0.0.2");
        await absent.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_does_not_exist_still_does_not_while_the_control_plane_is_away()
    {
        // Stands still: no stream is tried again.
        ManualTime time = new();
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true, time: time);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task absent = rig.Client.FetchAsync(new ResourceName("/192.0.2.1")).AsTask();
        await stream.ReadAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [], "/192.0.2.1");
        await absent.WaitAsync(TimeSpan.FromSeconds(30));

        stream.End(14, "the control plane is away");
        await rig.Events.NextEndAsync();

        Assert.True(rig.Client.FetchAsync(new ResourceName("/192.0.2.1")).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_question_that_everybody_gave_up_is_taken_back_and_asked_anew_by_the_next_one()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        using CancellationTokenSource impatient = new();
        Task given = rig.Client.FetchAsync(new ResourceName("u"), impatient.Token).AsTask();
        Assert.Equal(["u"], (await stream.ReadAsync()).ResourceNamesSubscribe);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(["u"], (await stream.ReadAsync()).ResourceNamesUnsubscribe);

        Task again = rig.Client.FetchAsync(new ResourceName("u")).AsTask();
        Assert.Equal(["u"], (await stream.ReadAsync()).ResourceNamesSubscribe);
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("u")]);
        await again.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_workload_that_answered_by_its_address_is_removed_by_it_and_asked_for_again_as_a_change_of_the_subscription()
    {
        ManualTime time = new();
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true, time: time);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task known = rig.Client.FetchAsync(ResourceName.Of("", Ip)).AsTask();
        await stream.ReadAsync();
        WorkloadMessage pod = new() { Uid = "c//Pod/shop/web", Addresses = { ByteString.CopyFrom(10, 0, 0, 1) } };
        await stream.ExchangeAsync(XdsTypes.Address, [AddressResource(new Address { Workload = pod }, "/10.0.0.1")]);
        await known.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(rig.Store.Current.FindWorkload("", Ip));

        await stream.ExchangeAsync(XdsTypes.Address, [], "/10.0.0.1");
        Assert.Null(rig.Store.Current.FindWorkload("", Ip));
        time.Advance(TimeSpan.FromSeconds(10));
        Task again = rig.Client.FetchAsync(ResourceName.Of("", Ip)).AsTask();

        Assert.Equal(["/10.0.0.1"], (await stream.ReadAsync()).ResourceNamesUnsubscribe);
        Assert.Equal(["/10.0.0.1"], (await stream.ReadAsync()).ResourceNamesSubscribe);
        await stream.ExchangeAsync(XdsTypes.Address, [AddressResource(new Address { Workload = pod }, "/10.0.0.1")]);
        await again.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(rig.Store.Current.FindWorkload("", Ip));
    }

    [Fact]
    public async Task A_waiter_sees_the_resource_and_an_alias_does_not_release_it()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task<bool> seen = Task.Run(async () =>
        {
            await rig.Client.FetchAsync(ResourceName.Of("", Ip));
            return rig.Store.Current.FindWorkload("", Ip) is not null;
        });
        await stream.ReadAsync();
        Resource aliased = Workload("other");
        aliased.Aliases.Add("/10.0.0.1");
        await stream.ExchangeAsync(XdsTypes.Address, [aliased]);
        Assert.False(seen.IsCompleted);

        WorkloadMessage wanted = new() { Uid = "wanted", Addresses = { ByteString.CopyFrom(10, 0, 0, 1) } };
        await stream.ExchangeAsync(
            XdsTypes.Address,
            [AddressResource(new Address { Workload = wanted }, "/10.0.0.1"), .. Enumerable.Range(0, 10_000).Select(index => Workload($"w{index}"))]);

        Assert.True(await seen.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Several_waiters_ask_once_and_one_that_gives_up_leaves_the_others()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        using CancellationTokenSource impatient = new();
        Task first = rig.Client.FetchAsync(new ResourceName("u"), impatient.Token).AsTask();
        Task second = rig.Client.FetchAsync(new ResourceName("u")).AsTask();
        await stream.ReadAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // The very next request answers the response: nothing was asked twice.
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("u")]);
        await second.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_was_not_answered_is_asked_for_again_on_the_next_stream()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task fetched = rig.Client.FetchAsync(new ResourceName("late")).AsTask();
        await stream.ReadAsync();
        rig.Plane.AbortConnections();

        stream = await rig.Plane.AcceptAsync();
        DeltaDiscoveryRequest again = await stream.ReadAsync();
        Assert.Equal("", again.InitialResourceVersions["late"]);
        await stream.ReadAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("late")]);
        await fetched.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task With_a_wildcard_subscription_nothing_is_asked()
    {
        await using ClientRig rig = await ClientRig.StartAsync();

        Assert.False(rig.Client.IsActive);
        Assert.True(rig.Client.FetchAsync(ResourceName.Of("", Ip)).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_next_stream_names_what_is_known_and_what_is_still_wanted_and_subscribes_to_nothing_else()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task known = rig.Client.FetchAsync(new ResourceName("known")).AsTask();
        await stream.ReadAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("known", "v3")]);
        await known.WaitAsync(TimeSpan.FromSeconds(30));
        Task gone = rig.Client.FetchAsync(new ResourceName("gone")).AsTask();
        await stream.ReadAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [], "gone");
        await gone.WaitAsync(TimeSpan.FromSeconds(30));
        Task wanted = rig.Client.FetchAsync(new ResourceName("wanted")).AsTask();
        await stream.ReadAsync();
        rig.Plane.AbortConnections();

        stream = await rig.Plane.AcceptAsync();
        (DeltaDiscoveryRequest addresses, _) = await stream.ReadSubscriptionsAsync();

        Assert.Equal(new Dictionary<string, string> { ["known"] = "v3", ["wanted"] = "" }, addresses.InitialResourceVersions);
        Assert.Equal(("*", "*"), (Assert.Single(addresses.ResourceNamesSubscribe), Assert.Single(addresses.ResourceNamesUnsubscribe)));
        Assert.False(wanted.IsCompleted);
    }

    [Fact]
    public async Task An_answer_that_is_refused_ends_the_wait_and_leaves_nothing()
    {
        await using ClientRig rig = await ClientRig.StartAsync(onDemand: true);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Task fetched = rig.Client.FetchAsync(new ResourceName("bad")).AsTask();
        await stream.ReadAsync();

        DeltaDiscoveryRequest nack = await stream.ExchangeAsync(XdsTypes.Address, [Garbage("bad")]);

        Assert.StartsWith("bad: ", nack.ErrorDetail.Message);
        await fetched.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Null(rig.Store.Current.FindWorkload("bad"));
    }
}
