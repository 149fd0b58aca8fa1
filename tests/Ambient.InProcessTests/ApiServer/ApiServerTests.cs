using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Storage;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>The server by plain HTTP: what clients other than ours rely on, and what hostile ones send.</summary>
public sealed class ApiServerTests : IAsyncLifetime
{
    private const string Pods = "api/v1/namespaces/shop/pods";
    private const string Policies = "apis/security.istio.io/v1/namespaces/shop/authorizationpolicies";

    private readonly HttpClient _client = new();
    private ApiServerHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions { Limits = new ObjectStorageLimits { MaxHistory = 50 } });
        _client.BaseAddress = _host.Address;
        await SendAsync("POST", "api/v1/namespaces", """{"metadata":{"name":"shop"}}""", 201);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Pages_of_a_list_are_whole_and_say_how_much_is_left()
    {
        for (int index = 0; index < 25; index++)
        {
            await CreatePodAsync($"p{index:00}");
        }

        List<string> names = [];
        string next = "";
        List<long> remaining = [];
        do
        {
            JsonNode page = await SendAsync("GET", $"{Pods}?limit=10&continue={Uri.EscapeDataString(next)}", null, 200);
            names.AddRange(page["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.ToString()));
            next = page["metadata"]!["continue"]!.ToString();
            remaining.Add(page["metadata"]!["remainingItemCount"]?.GetValue<long>() ?? 0);
        }
        while (next.Length > 0);

        Assert.Equal(Enumerable.Range(0, 25).Select(index => $"p{index:00}"), names);
        Assert.Equal([15, 5, 0], remaining);
    }

    [Fact]
    public async Task A_list_of_one_namespace_has_nothing_of_its_neighbours()
    {
        foreach (string space in new[] { "sho", "shop-b", "shop.a", "shopping" })
        {
            await SendAsync("POST", "api/v1/namespaces", $$"""{"metadata":{"name":"{{space}}" } }""", 201);
            await SendAsync("POST", $"api/v1/namespaces/{space}/pods", """{"metadata":{"name":"x"}}""", 201);
        }

        await CreatePodAsync("a");
        await CreatePodAsync("b");

        Assert.Equal(["a", "b"], Names(await SendAsync("GET", Pods, null, 200)));
        JsonNode page = await SendAsync("GET", $"{Pods}?limit=1", null, 200);
        Assert.Equal(1, page["metadata"]!["remainingItemCount"]!.GetValue<int>());
        Assert.Equal(6, Names(await SendAsync("GET", "api/v1/pods", null, 200)).Length);
    }

    [Fact]
    public async Task A_page_of_a_list_that_is_forgotten_is_gone()
    {
        await CreatePodAsync("a");
        await CreatePodAsync("b");
        string next = (await SendAsync("GET", $"{Pods}?limit=1", null, 200))["metadata"]!["continue"]!.ToString();
        for (int index = 0; index < 60; index++)
        {
            await CreatePodAsync($"c{index}");
        }

        Assert.Equal("Expired", (await SendAsync("GET", $"{Pods}?limit=1&continue={Uri.EscapeDataString(next)}", null, 410))["reason"]!.ToString());
        await SendAsync("GET", $"{Pods}?continue=nonsense", null, 400);
    }

    [Fact]
    public async Task Unknown_fields_are_refused_named_or_dropped_as_the_client_wants()
    {
        const string policy = """{"metadata":{"name":"p"},"spec":{"rules":[{"form":[]}]}}""";

        JsonNode refused = await SendAsync("POST", $"{Policies}?fieldValidation=Strict", policy, 400);
        Assert.Contains("unknown field \"spec.rules[0].form\"", refused["message"]!.ToString(), StringComparison.Ordinal);
        await SendAsync("POST", $"{Policies}?fieldValidation=Perhaps", policy, 400);

        using HttpResponseMessage warned = await RawAsync("POST", Policies, policy, "application/json");
        Assert.Equal("""299 - "unknown field \"spec.rules[0].form\"" """.Trim(), Assert.Single(warned.Headers.GetValues("Warning")));

        using HttpResponseMessage ignored = await RawAsync("PATCH", $"{Policies}/p?fieldValidation=Ignore", """{"spec":{"x":1}}""", "application/merge-patch+json");
        Assert.False(ignored.Headers.Contains("Warning"));
        JsonNode stored = await SendAsync("GET", $"{Policies}/p", null, 200);
        Assert.Equal("""{"rules":[{}]}""", stored["spec"]!.ToJsonString());
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf", "k8s", 415)]
    [InlineData("application/json", "{\"a\":", 400)]
    [InlineData("application/json", "[1]", 400)]
    [InlineData("application/json", "", 400)]
    [InlineData("application/json", "{\"metadata\":{\"name\":\"a\"},\"metadata\":{}}", 400)]
    [InlineData("application/json", "{\"metadata\":{\"name\":\"UPPER\"}}", 422)]
    [InlineData("application/json", "{\"metadata\":[],\"kind\":7}", 422)]
    [InlineData("application/json", "{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}", 400)]
    [InlineData("application/json", "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}", 400)]
    [InlineData("application/yaml", "metadata: {name: [", 400)]
    [InlineData("application/yaml", "a: 1\n---\nb: 2", 400)]
    public async Task Bad_bodies_get_an_answer_that_says_why(string format, string body, int code)
    {
        using HttpResponseMessage response = await RawAsync("POST", Pods, body, format);

        Assert.Equal(code, (int)response.StatusCode);
        Assert.NotEmpty(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]!.ToString());
        Assert.Empty(Names(await SendAsync("GET", Pods, null, 200)));
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_nested_too_deep_is_refused()
    {
        using HttpResponseMessage large = await RawAsync("POST", Pods, $$"""{"metadata":{"name":"a"},"x":"{{new string('x', 3 * 1024 * 1024)}}"}""", "application/json");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000);
        using HttpResponseMessage nested = await RawAsync("POST", Pods, deep, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, nested.StatusCode);
        using HttpResponseMessage yaml = await RawAsync("POST", Pods, new string('[', 100_000), "application/yaml");
        Assert.Equal(HttpStatusCode.BadRequest, yaml.StatusCode);
    }

    [Fact]
    public async Task A_write_that_has_seen_an_older_version_is_a_conflict()
    {
        JsonNode first = await CreatePodAsync("a");
        await SendAsync("PATCH", $"{Pods}/a", """{"metadata":{"labels":{"x":"1"}}}""", 200, "application/merge-patch+json");

        Assert.Equal("Conflict", (await SendAsync("PUT", $"{Pods}/a", first.ToJsonString(), 409))["reason"]!.ToString());
        await SendAsync("DELETE", $"{Pods}/a", """{"preconditions":{"uid":"another"}}""", 409);
        await SendAsync("POST", Pods, """{"metadata":{"name":"a"}}""", 409);
    }

    [Fact]
    public async Task The_status_is_changed_by_its_own_path_alone_and_does_not_make_a_generation()
    {
        await SendAsync("POST", Policies, """{"metadata":{"name":"p"},"spec":{"action":"DENY"},"status":{"conditions":[]}}""", 201);
        await SendAsync("PATCH", $"{Policies}/p", """{"status":{"x":1}}""", 200, "application/merge-patch+json");
        Assert.Null((await SendAsync("GET", $"{Policies}/p", null, 200))["status"]);

        JsonNode told = await SendAsync("PATCH", $"{Policies}/p/status", """{"spec":{"action":"ALLOW"},"status":{"x":1}}""", 200, "application/merge-patch+json");

        Assert.Equal(("DENY", "1", "1"), (told["spec"]!["action"]!.ToString(), told["status"]!["x"]!.ToString(), told["metadata"]!["generation"]!.ToString()));
        JsonNode changed = await SendAsync("PATCH", $"{Policies}/p", """{"spec":{"action":"ALLOW"}}""", 200, "application/merge-patch+json");
        Assert.Equal("2", changed["metadata"]!["generation"]!.ToString());
    }

    [Fact]
    public async Task A_trial_changes_nothing()
    {
        await SendAsync("POST", $"{Pods}?dryRun=All", """{"metadata":{"name":"a"}}""", 201);
        Assert.Empty(Names(await SendAsync("GET", Pods, null, 200)));

        await CreatePodAsync("a");
        await SendAsync("DELETE", $"{Pods}/a", """{"dryRun":["All"]}""", 200);
        await SendAsync("DELETE", $"{Pods}?dryRun=All", null, 200);
        Assert.Equal(["a"], Names(await SendAsync("GET", Pods, null, 200)));
    }

    [Fact]
    public async Task A_definition_brings_its_kind_and_takes_it_away_with_its_objects()
    {
        const string definition = """
            {"metadata":{"name":"things.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},
            "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"}}}}}}}]}}
            """;
        const string things = "apis/example.com/v1/namespaces/shop/things";
        const string definitions = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        await SendAsync("GET", things, null, 404);

        await SendAsync("POST", definitions, definition, 201);
        await SendAsync("POST", things, """{"metadata":{"name":"a"},"spec":{"size":"big"}}""", 422);
        await SendAsync("POST", things, """{"metadata":{"name":"a"},"spec":{"size":3}}""", 201);

        await SendAsync("DELETE", $"{definitions}/things.example.com", null, 200);
        await SendAsync("GET", things, null, 404);
        await SendAsync("POST", definitions, definition, 201);
        Assert.Empty(Names(await SendAsync("GET", things, null, 200)));
        await SendAsync("POST", definitions, definition.Replace("example.com", "", StringComparison.Ordinal), 422);
        await SendAsync("POST", definitions, definition.Replace("things", "deployments", StringComparison.Ordinal).Replace("example.com", "apps", StringComparison.Ordinal), 422);
    }

    [Fact]
    public async Task Faults_are_asked_for_over_HTTP_and_taken_back()
    {
        await SendAsync("POST", "faults", """{"fault":"InternalError","path":"/pods","method":"GET","count":1}""", 200);
        await SendAsync("POST", Pods, """{"metadata":{"name":"a"}}""", 201);
        await SendAsync("GET", Pods, null, 500);
        await SendAsync("GET", Pods, null, 200);

        JsonNode rules = await SendAsync("POST", "faults", """{"fault":"TooManyRequests"}""", 200);
        Assert.Equal("TooManyRequests", Assert.Single(rules["rules"]!.AsArray())!["fault"]!.ToString());
        await SendAsync("GET", Pods, null, 429);
        await SendAsync("DELETE", "faults", null, 200);
        await SendAsync("GET", Pods, null, 200);

        JsonNode refused = await SendAsync("POST", "faults", """{"fault":"Earthquake"}""", 400);
        Assert.Contains("ExpireWatches", refused["message"]!.ToString(), StringComparison.Ordinal);
        await SendAsync("POST", "faults", """{"fault":"Slow","seconds":1e9}""", 400);
        await SendAsync("POST", "faults", """{"fault":"3"}""", 400);
    }

    [Fact]
    public async Task An_answer_that_was_asked_to_be_slow_is()
    {
        await SendAsync("POST", "faults", """{"fault":"Slow","path":"/pods","seconds":0.3,"count":1}""", 200);
        long start = TimeProvider.System.GetTimestamp();

        await SendAsync("GET", Pods, null, 200);

        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task A_server_that_is_away_breaks_the_connection()
    {
        _host.Faults.Add(new Ambient.ApiServer.Faults.FaultRule(Ambient.ApiServer.Faults.Fault.Away, "/pods", count: 1));

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("POST", Pods, """{"metadata":{"name":"a"}}""", 0));
        Assert.Empty(Names(await SendAsync("GET", Pods, null, 200)));
    }

    [Fact]
    public async Task A_token_is_needed_where_tokens_are_said()
    {
        await using ApiServerHost host = await ApiServerHost.StartAsync(new ApiServerOptions { AdminTokens = ["admin-of-the-test"] });
        using HttpClient client = new() { BaseAddress = host.Address };

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/v1/pods")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("faults")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "admin-of-the-test");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("api/v1/pods")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "admin-of-the-tesT");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/v1/pods")).StatusCode);
    }

    [Fact]
    public async Task An_address_that_others_reach_needs_a_certificate_and_tokens() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ApiServerHost.StartAsync(new ApiServerOptions { Address = new(IPAddress.Any, 0) }));

    private static string[] Names(JsonNode list) => [.. list["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.ToString())];

    private Task<JsonNode> CreatePodAsync(string name) => SendAsync("POST", Pods, $$"""{"metadata":{"name":"{{name}}" } }""", 201);

    private async Task<JsonNode> SendAsync(string method, string path, string? body, int code, string format = "application/json")
    {
        using HttpResponseMessage response = await RawAsync(method, path, body, format);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(code == (int)response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private Task<HttpResponseMessage> RawAsync(string method, string path, string? body, string format)
    {
        HttpRequestMessage request = new(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", format);
        }

        return _client.SendAsync(request);
    }
}
