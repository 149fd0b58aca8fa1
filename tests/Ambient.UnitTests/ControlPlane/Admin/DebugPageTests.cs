using System.Text.Json;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Xds;
using Ambient.Xds;
using Microsoft.AspNetCore.Http;

namespace Ambient.UnitTests.ControlPlane.Admin;

public sealed class DebugPageTests
{
    private readonly ResourceCache _cache = new();

    [Fact]
    public async Task Proxies_are_listed_with_how_far_behind_they_are_and_what_they_refused()
    {
        _cache.Publish(new MeshChange([Given.Workload(), Given.Workload("web-1", "10.0.0.2"), Given.Policy()], []));
        TypeReport refused = Given.Policies(0, sent: 1) with { Refusals = 2, LastRefusal = "no such scope" };
        ProxyReport proxy = Given.Proxy("a", Given.Addresses(1, wildcard: false), refused);

        JsonElement answer = await PageCall.GetAsync(new ProxiesPage(() => [proxy], _cache));

        JsonElement listed = Assert.Single(answer.GetProperty("proxies").EnumerateArray());
        Assert.Equal(2, answer.GetProperty("newest").GetProperty("address").GetInt64());
        Assert.Equal("a", listed.GetProperty("name").GetString());
        Assert.Equal("node-of-a", listed.GetProperty("node").GetString());
        Assert.Equal("2026-11-21T12:00:00+00:00", listed.GetProperty("connectedSince").GetString());
        JsonElement addresses = listed.GetProperty("types")[0];
        Assert.Equal(("address", true, 1L), (addresses.GetProperty("type").GetString(), addresses.GetProperty("onDemand").GetBoolean(), addresses.GetProperty("behind").GetInt64()));
        JsonElement policies = listed.GetProperty("types")[1];
        Assert.Equal((1L, 2, "no such scope"), (policies.GetProperty("behind").GetInt64(), policies.GetProperty("refusals").GetInt32(), policies.GetProperty("lastRefusal").GetString()));
    }

    [Fact]
    public async Task Syncz_says_what_was_sent_and_accepted_in_the_form_its_readers_know()
    {
        JsonElement answer = await PageCall.GetAsync(new SynczPage(() => [Given.Proxy("b"), Given.Proxy("a", Given.Addresses(3, sent: 5))], "east"));

        Assert.Equal(["a.istio-system", "b.istio-system"], answer.EnumerateArray().Select(proxy => proxy.GetProperty("proxy").GetString()));
        JsonElement first = answer[0];
        Assert.Equal(("east", "ztunnel", "1.30"), (first.GetProperty("cluster_id").GetString(), first.GetProperty("proxy_type").GetString(), first.GetProperty("istio_version").GetString()));
        JsonElement addresses = first.GetProperty("resources").GetProperty(XdsTypes.Address);
        Assert.Equal(("5", "3"), (addresses.GetProperty("sent").GetString(), addresses.GetProperty("acked").GetString()));
    }

    [Fact]
    public async Task Resources_are_in_the_form_of_a_dump_and_services_have_their_endpoints()
    {
        _cache.Publish(new MeshChange([Given.Workload(), Given.Service(), Given.Policy()], []));

        JsonElement answer = await PageCall.GetAsync(new ResourcesPage(_cache));

        Assert.Equal(["workloads", "services", "policies"], answer.EnumerateObject().Select(section => section.Name));
        Assert.Equal("10.0.0.1", answer.GetProperty("workloads")[0].GetProperty("workloadIps")[0].GetString());
        Assert.True(answer.GetProperty("services")[0].GetProperty("endpoints").TryGetProperty(Given.WebUid, out _));
        Assert.Equal("Deny", answer.GetProperty("policies")[0].GetProperty("action").GetString());
    }

    [Fact]
    public async Task Resources_can_be_narrowed_to_a_kind_and_a_part_of_the_name()
    {
        _cache.Publish(new MeshChange([Given.Workload(), Given.Workload("db-0", "10.0.0.2"), Given.Service(), Given.Policy()], []));

        JsonElement answer = await PageCall.GetAsync(new ResourcesPage(_cache), "?kind=workload&name=db");

        Assert.Equal(["workloads"], answer.EnumerateObject().Select(section => section.Name));
        Assert.Equal("db-0", Assert.Single(answer.GetProperty("workloads").EnumerateArray()).GetProperty("name").GetString());
        await PageCall.GetAsync(new ResourcesPage(_cache), "?kind=secrets", 400);
    }

    [Fact]
    public async Task Findings_have_a_level_an_object_and_a_reason()
    {
        ObjectKey key = new(ObjectKind.Service, "shop", "web");
        Finding[] findings =
        [
            new(key, Reasons.WaypointIsNotReady, "waypoint shop/gate does not exist", ConditionTypes.WaypointBound),
            new(key, Reasons.InvalidValue, "port 0", null),
        ];

        JsonElement answer = await PageCall.GetAsync(new FindingsPage(() => findings));

        Assert.Equal(["error", "warning"], answer.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("level").GetString()));
        JsonElement first = answer.GetProperty("findings")[0];
        Assert.Equal(("Service", "shop", "web", "WaypointIsNotReady", "istio.io/WaypointBound"), (
            first.GetProperty("kind").GetString(), first.GetProperty("namespace").GetString(), first.GetProperty("name").GetString(),
            first.GetProperty("code").GetString(), first.GetProperty("condition").GetString()));
        Assert.False(answer.GetProperty("findings")[1].TryGetProperty("condition", out _));
    }

    [Theory]
    [InlineData("GET", "/debug/list", 200, "/debug/findings")]
    [InlineData("GET", "/debug/findings", 200, "findings")]
    [InlineData("HEAD", "/debug/findings", 200, "")]
    [InlineData("GET", "/debug/nothing", 404, "/debug/list names those there are")]
    [InlineData("POST", "/debug/findings", 405, "use GET")]
    public async Task Pages_are_found_by_their_path_and_only_read(string method, string path, int status, string text)
    {
        using MemoryStream body = new();
        DefaultHttpContext context = new() { Response = { Body = body } };
        context.Request.Method = method;
        context.Request.Path = path;

        await new DebugPages(new FindingsPage(() => [])).ServeAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Contains(text, System.Text.Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
        Assert.Equal(method == "HEAD", body.Length == 0);
    }

    [Theory]
    [InlineData("Pod", ObjectKind.Pod)]
    [InlineData("pods", ObjectKind.Pod)]
    [InlineData("SVC", ObjectKind.Service)]
    [InlineData("serviceentries", ObjectKind.ServiceEntry)]
    [InlineData("authorizationpolicies", ObjectKind.AuthorizationPolicy)]
    [InlineData("endpointslices", ObjectKind.EndpointSlice)]
    public void Kinds_are_known_by_the_names_of_kubectl(string name, ObjectKind kind)
    {
        Assert.True(ObjectKindNames.TryParse(name, out ObjectKind parsed));
        Assert.Equal(kind, parsed);
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("::1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    [InlineData("10.0.0.7", 403)]
    [InlineData("::ffff:10.0.0.7", 403)]
    [InlineData("fd00::7", 403)]
    public async Task Pages_answer_clients_of_the_same_host_alone(string client, int status)
    {
        using MemoryStream body = new();
        DefaultHttpContext context = new() { Response = { Body = body } };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = "/debug/findings";
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(client);

        await new DebugPages(new FindingsPage(() => [])).ServeAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
    }
}
