using System.Net;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Xds;
using Ambient.Grpc;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.UnitTests.ControlPlane.Xds;

public sealed class TypeSubscriptionTests : IDisposable
{
    private const string Node = "worker-1";

    private readonly ResourceCache _cache = new();
    private readonly TypeSubscription _type;

    public TypeSubscriptionTests()
    {
        _type = new TypeSubscription(XdsTypes.Address, _cache.Addresses, _cache, Node);
        Publish(
            Workload("c//Pod/shop/web-1", "10.0.0.1", "worker-2", "shop/web.shop.svc.cluster.local"),
            Workload("c//Pod/shop/web-2", "10.0.0.2", "worker-2", "shop/web.shop.svc.cluster.local"),
            Workload("c//Pod/shop/local", "10.0.0.3", Node),
            Service("shop/web.shop.svc.cluster.local", "10.96.0.1"));
    }

    [Fact]
    public void A_first_request_without_names_gets_everything()
    {
        Push push = _type.Begin(new DeltaDiscoveryRequest());

        Assert.True(_type.IsWildcard);
        Assert.Equal(4, push.Resources.Count);
        Assert.All(push.Resources, resource => Assert.False(resource.WithAliases));
    }

    [Fact]
    public void A_proxy_that_comes_back_gets_only_what_is_not_as_it_has_it_and_what_is_gone()
    {
        DeltaDiscoveryRequest request = new();
        foreach (string name in new[] { "c//Pod/shop/web-1", "c//Pod/shop/local" })
        {
            request.InitialResourceVersions[name] = _cache.Addresses.Find(name)!.Content!.Version;
        }

        request.InitialResourceVersions["c//Pod/shop/web-2"] = "older";
        request.InitialResourceVersions["c//Pod/shop/gone"] = "any";
        Push push = _type.Begin(request);

        Assert.Equal(["c//Pod/shop/web-2", "shop/web.shop.svc.cluster.local"], Names(push));
        Assert.Equal(["c//Pod/shop/gone"], push.Removed);
    }

    [Fact]
    public void To_subscribe_and_unsubscribe_everything_means_on_demand_and_begins_with_the_workloads_of_the_node()
    {
        Push push = _type.Begin(OnDemand());

        Assert.False(_type.IsWildcard);
        Assert.Equal(["c//Pod/shop/local"], Names(push));
        Assert.Equal(["/10.0.0.3"], push.Resources[0].Content.Aliases.ToArray());
        Assert.True(push.Resources[0].WithAliases);
    }

    [Fact]
    public void A_service_that_is_asked_for_comes_with_its_workloads()
    {
        _type.Begin(OnDemand());

        Push? push = _type.Change(Ask("shop/web.shop.svc.cluster.local"));

        Assert.Equal(["c//Pod/shop/web-1", "c//Pod/shop/web-2", "shop/web.shop.svc.cluster.local"], Names(push!));
    }

    [Fact]
    public void An_address_that_is_asked_for_is_answered_under_the_name_that_was_asked_for_too()
    {
        _type.Begin(OnDemand());

        Push? push = _type.Change(Ask("/10.0.0.1"));

        Assert.Equal(["/10.0.0.1", "c//Pod/shop/web-1"], Names(push!));
    }

    [Fact]
    public void A_vip_that_is_asked_for_is_answered_with_the_service_and_its_workloads()
    {
        _type.Begin(OnDemand());

        Push? push = _type.Change(Ask("/10.96.0.1"));

        Assert.Equal(["/10.96.0.1", "c//Pod/shop/web-1", "c//Pod/shop/web-2", "shop/web.shop.svc.cluster.local"], Names(push!));
        PushedResource named = push!.Resources.Single(resource => resource.AskedAs == "/10.96.0.1");
        Assert.Equal(Address.TypeOneofCase.Service, Decode(named).TypeCase);
    }

    [Fact]
    public void A_name_that_nobody_has_is_answered_as_removed_and_sent_when_it_appears()
    {
        _type.Begin(OnDemand());

        Push? push = _type.Change(Ask("/10.0.0.9"));
        Publish(Workload("c//Pod/shop/late", "10.0.0.9", "worker-3"));

        Assert.Equal(["/10.0.0.9"], push!.Removed);
        Assert.Equal(["c//Pod/shop/late"], Names(_type.Next()));
    }

    [Fact]
    public void On_demand_only_changes_of_what_was_asked_for_or_runs_on_the_node_are_sent()
    {
        _type.Begin(OnDemand());
        _type.Change(Ask("/10.0.0.1"));

        Publish(
            Workload("c//Pod/shop/web-1", "10.0.0.11", "worker-2"),
            Workload("c//Pod/shop/web-2", "10.0.0.12", "worker-2"),
            Workload("c//Pod/shop/new-here", "10.0.0.13", Node));

        Assert.Equal(["c//Pod/shop/new-here", "c//Pod/shop/web-1"], Names(_type.Next()));
    }

    [Fact]
    public void A_workload_that_joins_a_service_which_was_asked_for_is_sent()
    {
        _type.Begin(OnDemand());
        _type.Change(Ask("shop/web.shop.svc.cluster.local"));

        Publish(Workload("c//Pod/shop/web-3", "10.0.0.4", "worker-3", "shop/web.shop.svc.cluster.local"));

        Assert.Equal(["c//Pod/shop/web-3"], Names(_type.Next()));
    }

    [Fact]
    public void A_removal_reaches_a_proxy_that_had_the_resource_and_no_other()
    {
        _type.Begin(OnDemand());
        _type.Change(Ask("c//Pod/shop/web-1"));

        _cache.Publish(new MeshChange([], [Key("c//Pod/shop/web-1"), Key("c//Pod/shop/web-2")]));

        Assert.Equal(["c//Pod/shop/web-1"], _type.Next().Removed);
    }

    [Fact]
    public void An_answer_to_the_newest_response_accepts_those_before_it()
    {
        string first = _type.Send(_type.Begin(new DeltaDiscoveryRequest()));
        Publish(Service("shop/new.shop.svc.cluster.local", "10.96.0.2"));
        Push next = _type.Next();
        string second = _type.Send(next);

        _type.Answer(second, error: null);
        _type.Answer(first, error: null);

        Assert.Equal(next.Sequence, _type.Accepted);
    }

    [Fact]
    public void A_refusal_is_noted_with_its_reason_and_accepts_nothing()
    {
        string nonce = _type.Send(_type.Begin(new DeltaDiscoveryRequest()));

        _type.Answer(nonce, new Status { Message = "c//Pod/shop/web-1: bad address" });

        Assert.Equal((1, "c//Pod/shop/web-1: bad address", 0), (_type.Refusals, _type.LastRefusal, _type.Accepted));
    }

    [Fact]
    public void What_was_in_a_refused_response_stays_refused_when_a_later_one_is_accepted()
    {
        string first = _type.Send(_type.Begin(new DeltaDiscoveryRequest()));
        _type.Answer(first, error: null);
        Publish(Workload("c//Pod/shop/bad", "10.0.0.8", "worker-2"));
        string second = _type.Send(_type.Next());
        Publish(Workload("c//Pod/shop/good", "10.0.0.9", "worker-2"));
        string third = _type.Send(_type.Next());

        _type.Answer(second, new Status { Message = "no" });
        _type.Answer(third, error: null);

        Assert.Equal((4L, 5L), _type.Refused);
        Assert.Equal(6, _type.Accepted);
        TypeReport report = new(XdsTypes.Address, true, _type.Sent, _type.Accepted, 1, "no") { RefusedAfter = 4, RefusedUpTo = 5 };
        ProxyReport proxy = new(new ProxyNode("", "ztunnel", "", "", "", "", ""), default, [report]);
        Assert.Equal([true, false, true], new long[] { 4, 5, 6 }.Select(place => proxy.HasAccepted(XdsTypes.Address, place)));
    }

    [Fact]
    public void A_type_on_demand_takes_what_was_asked_for_and_what_came_with_it()
    {
        _type.Begin(OnDemand());
        Assert.False(_type.Takes("c//Pod/shop/web-1"));

        _type.Change(Ask("shop/web.shop.svc.cluster.local"));

        Assert.True(_type.Takes("shop/web.shop.svc.cluster.local"));
        Assert.True(_type.Takes("c//Pod/shop/web-1"));
    }

    [Fact]
    public void An_answer_to_a_response_that_is_not_open_changes_nothing()
    {
        _type.Send(_type.Begin(new DeltaDiscoveryRequest()));

        _type.Answer("another", new Status { Message = "no" });

        Assert.Equal((0, 0L), (_type.Refusals, _type.Accepted));
    }

    [Fact]
    public void A_proxy_that_answers_nothing_is_pushed_no_more_than_the_limit()
    {
        _type.Send(_type.Begin(new DeltaDiscoveryRequest()));
        int pushes = 1;
        for (; _type.MayPush && pushes < 1000; pushes++)
        {
            _type.Send(_type.Next());
        }

        Assert.Equal(TypeSubscription.MaxUnanswered, pushes);
    }

    [Fact]
    public void A_request_that_names_too_much_is_refused()
    {
        _type.Begin(OnDemand());
        DeltaDiscoveryRequest request = new();
        request.ResourceNamesSubscribe.AddRange(Enumerable.Range(0, TypeSubscription.MaxNames + 1).Select(index => $"n/{index}"));

        GrpcException error = Assert.Throws<GrpcException>(() => _type.Change(request));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, error.Status);
    }

    public void Dispose() => _type.Dispose();

    private static DeltaDiscoveryRequest OnDemand() => new() { ResourceNamesSubscribe = { "*" }, ResourceNamesUnsubscribe = { "*" } };

    private static DeltaDiscoveryRequest Ask(string name) => new() { ResourceNamesSubscribe = { name } };

    private static string[] Names(Push push) =>
        [.. push.Resources.Select(resource => resource.AskedAs ?? Resource.Parser.ParseFrom(resource.Content.Body).Name).Order(StringComparer.Ordinal)];

    private static Address Decode(PushedResource resource) =>
        Resource.Parser.ParseFrom(resource.Content.Body).Resource_.Unpack<Address>();

    private static ResourceKey Key(string name) => new(ResourceKind.Workload, name);

    private void Publish(params MeshResource[] resources) => _cache.Publish(new MeshChange(resources, []));

    private static MeshResource Workload(string uid, string ip, string node, params string[] services)
    {
        WorkloadMessage workload = new() { Uid = uid, Node = node, Addresses = { Ip(ip) } };
        foreach (string service in services)
        {
            workload.Services[service] = new PortList();
        }

        return new MeshResource(Key(uid), workload);
    }

    private static MeshResource Service(string name, string vip) => new(
        new ResourceKey(ResourceKind.Service, name), new ServiceMessage { Hostname = name, Addresses = { new NetworkAddressMessage { Address = Ip(vip) } } });

    private static ByteString Ip(string text) => ByteString.CopyFrom(IPAddress.Parse(text).GetAddressBytes());
}
