using System.Text.Json;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Xds;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Security;

namespace Ambient.UnitTests.ControlPlane.Admin;

public sealed class LivePageTests
{
    private const string Policy = "?kind=authorizationpolicy&namespace=shop&name=deny-all";
    private const string Service = "?kind=svc&namespace=shop&name=web";

    private readonly ResourceCache _cache = new();
    private readonly AppliedObjects _applied;
    private readonly List<ConnectedProxy> _proxies = [];
    private readonly List<Finding> _findings = [];

    public LivePageTests() => _applied = new AppliedObjects(_cache);

    [Fact]
    public async Task An_object_that_nobody_translated_is_not_known()
    {
        _proxies.Add(Given.Connected(Given.Proxy("a", Given.Addresses(9), Given.Policies(9))));

        JsonElement answer = await AskAsync(Policy);

        Assert.False(answer.GetProperty("known").GetBoolean());
        Assert.Equal("AuthorizationPolicy", answer.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_policy_is_live_on_those_that_accepted_it_and_the_others_are_named()
    {
        Publish(Given.Policy("other"), Given.Policy());
        _proxies.Add(Given.Connected(Given.Proxy("a", Given.Addresses(0), Given.Policies(2))));
        _proxies.Add(Given.Connected(Given.Proxy("b", Given.Addresses(0), Given.Policies(1, sent: 2))));
        _proxies.Add(Given.Connected(Given.Proxy("c", Given.Addresses(0), Given.Policies(1))));
        _proxies.Add(Given.Connected(Given.Proxy("d")));

        JsonElement answer = await AskAsync(Policy);

        Assert.True(answer.GetProperty("known").GetBoolean());
        Assert.Equal((1, 4), Counts(answer));
        Assert.Equal(
            [
                ("b", "is at 1 of 2 with authorization resources, sent and not answered"),
                ("c", "is at 1 of 2 with authorization resources, not sent yet"),
                ("d", "has not asked for authorization resources yet"),
            ],
            answer.GetProperty("lacking").EnumerateArray().Select(proxy => (proxy.GetProperty("name").GetString()!, proxy.GetProperty("reason").GetString()!)));
        JsonElement resource = Assert.Single(answer.GetProperty("resources").EnumerateArray());
        Assert.Equal("shop/deny-all", resource.GetProperty("name").GetString());
        Assert.Equal(2, resource.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task What_a_proxy_refused_is_not_live_there_although_it_accepted_later_ones()
    {
        Publish(Given.Policy());
        Publish(Given.Policy("later"));
        TypeReport refused = Given.Policies(2) with { Refusals = 1, LastRefusal = "no such scope", RefusedAfter = 0, RefusedUpTo = 1 };
        _proxies.Add(Given.Connected(Given.Proxy("a", Given.Addresses(0), refused)));

        JsonElement answer = await AskAsync(Policy);

        Assert.Equal((0, 1), Counts(answer));
        Assert.Equal("refused the response that holds it: no such scope", answer.GetProperty("lacking")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Proxies_on_demand_that_never_asked_for_it_do_not_count()
    {
        Publish(Given.Service());
        _proxies.Add(Given.Connected(Given.Proxy("everything", Given.Addresses(1))));
        _proxies.Add(Given.Connected(Given.Proxy("asked", Given.Addresses(0, wildcard: false)), Given.WebHost));
        _proxies.Add(Given.Connected(Given.Proxy("never", Given.Addresses(0, wildcard: false)), "shop/other"));

        JsonElement answer = await AskAsync(Service);

        Assert.Equal((1, 2), Counts(answer));
        Assert.Equal(3, answer.GetProperty("connected").GetInt32());
        Assert.Equal("asked", answer.GetProperty("lacking")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_waypoint_that_takes_no_policies_is_not_waited_for()
    {
        Publish(Given.Policy());
        ProxyReport waypoint = Given.Proxy("gate", Given.Addresses(0));
        _proxies.Add(Given.Connected(waypoint with { Node = waypoint.Node with { Kind = "waypoint" } }));

        Assert.Equal((0, 0), Counts(await AskAsync(Policy)));
    }

    [Fact]
    public async Task An_object_without_a_resource_of_its_own_is_live_where_its_change_was_accepted()
    {
        MeshChange change = Publish(Given.Workload());
        _applied.Note([ObjectChange.Upsert(new Namespace { Metadata = new ObjectMeta { Name = "shop", Generation = 4 } })], change);
        _proxies.Add(Given.Connected(Given.Proxy("a", Given.Addresses(1), Given.Policies(0))));
        _proxies.Add(Given.Connected(Given.Proxy("b", Given.Addresses(0), Given.Policies(0))));

        JsonElement answer = await AskAsync("?kind=namespace&namespace=ignored&name=shop");

        Assert.Equal((1, 2), Counts(answer));
        Assert.Equal(4, answer.GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task A_policy_counts_with_the_workloads_that_name_it()
    {
        MeshChange change = Publish(Given.Policy(), Given.Workload());
        _applied.Note([ObjectChange.Upsert(new AuthorizationPolicy { Metadata = new ObjectMeta { Name = "deny-all", Namespace = "shop" } })], change);
        _proxies.Add(Given.Connected(Given.Proxy("a", Given.Addresses(0), Given.Policies(1))));

        Assert.Equal((0, 1), Counts(await AskAsync(Policy)));
    }

    [Fact]
    public async Task A_batch_that_changes_nothing_takes_nothing_back_and_a_deleted_object_is_forgotten()
    {
        Namespace home = new() { Metadata = new ObjectMeta { Name = "shop" } };
        MeshChange change = Publish(Given.Workload());
        _applied.Note([ObjectChange.Upsert(home)], change);
        _applied.Note([ObjectChange.Upsert(home)], new MeshChange([], []));
        ObjectKey key = new(ObjectKind.Namespace, "", "shop");
        Assert.Equal(new AppliedObject(0, 1, 0), _applied.Find(key));

        _applied.Note([ObjectChange.Delete(key)], new MeshChange([], []));
        Assert.Null(_applied.Find(key));
        Assert.False((await AskAsync("?kind=namespace&name=shop")).GetProperty("known").GetBoolean());
    }

    [Fact]
    public async Task Pods_and_service_entries_are_found_by_their_resources()
    {
        Publish(Given.Workload(), Given.Service(), Given.Service("bank", "api.bank.example"), Given.Service("other", "other.example"));

        JsonElement pod = await AskAsync("?kind=pod&namespace=shop&name=web-0");
        JsonElement entry = await AskAsync("?kind=serviceentry&namespace=shop&name=bank");
        JsonElement none = await AskAsync("?kind=serviceentry&namespace=shop&name=web");

        Assert.Equal([Given.WebUid], Names(pod));
        Assert.Equal(["shop/api.bank.example"], Names(entry));
        Assert.Empty(Names(none));
    }

    [Fact]
    public async Task What_of_the_object_is_not_honoured_is_said_too()
    {
        Publish(Given.Policy());
        _findings.Add(new Finding(new ObjectKey(ObjectKind.AuthorizationPolicy, "shop", "deny-all"), Reasons.UnsupportedValue, "rule 1", null));
        _findings.Add(new Finding(new ObjectKey(ObjectKind.AuthorizationPolicy, "shop", "another"), Reasons.UnsupportedValue, "rule 2", null));

        JsonElement finding = Assert.Single((await AskAsync(Policy)).GetProperty("findings").EnumerateArray());

        Assert.Equal("rule 1", finding.GetProperty("message").GetString());
        Assert.Equal("error", finding.GetProperty("level").GetString());
    }

    [Theory]
    [InlineData("", "kind must be one of")]
    [InlineData("?kind=deployment&name=x", "kind must be one of")]
    [InlineData("?kind=pod", "name the object")]
    public async Task A_question_that_names_no_object_is_refused(string query, string reason)
    {
        JsonElement answer = await PageCall.GetAsync(Page(), query, 400);

        Assert.Contains(reason, answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static (int Live, int Of) Counts(JsonElement answer) => (answer.GetProperty("live").GetInt32(), answer.GetProperty("of").GetInt32());

    private static IEnumerable<string?> Names(JsonElement answer) =>
        answer.GetProperty("resources").EnumerateArray().Select(resource => resource.GetProperty("name").GetString());

    private MeshChange Publish(params MeshResource[] resources)
    {
        MeshChange change = new(resources, []);
        _cache.Publish(change);
        return change;
    }

    private Task<JsonElement> AskAsync(string query) => PageCall.GetAsync(Page(), query);

    private LivePage Page() => new(() => _proxies, new ObjectResources(_cache, "Kubernetes", "cluster.local"), _applied, () => _findings);
}
