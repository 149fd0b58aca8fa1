using System.Text.Json.Nodes;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Resources;

namespace Ambient.UnitTests.Kube.Client;

public sealed class KubernetesClientTests
{
    private static readonly ObjectName Name = new("ns", "a");

    private readonly ScriptedApi _api = new();
    private readonly WatchedTime _time = new();

    [Fact]
    public async Task An_object_is_written_back_with_the_fields_that_nobody_here_knows_and_with_its_kind()
    {
        using KubernetesClient client = _api.Client(_time);
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        ScriptedCall got = await _api.TakeAsync();
        Assert.Equal((HttpMethod.Get, "/apis/test.io/v1/namespaces/ns/things/a", ""), (got.Method, got.Path, got.Query));
        got.Answer("""{"metadata":{"name":"a","namespace":"ns","resourceVersion":"5","finalizers":["keep"],"creationTimestamp":null},"spec":{"unknown":{"n":1.50}}}""");
        Thing value = await get;

        Task<Thing> replace = client.ReplaceAsync(Thing.Type, value with { Metadata = value.Metadata with { Labels = value.Metadata.Labels.Add("x", "y") } }, CancellationToken.None);
        ScriptedCall put = await _api.TakeAsync();
        put.Answer(Thing.Text("a", "6"));

        Assert.Equal((HttpMethod.Put, got.Path), (put.Method, put.Path));
        AssertJson("""{"apiVersion":"test.io/v1","kind":"Thing","metadata":{"name":"a","namespace":"ns","resourceVersion":"5","finalizers":["keep"],"labels":{"x":"y"}},"spec":{"unknown":{"n":1.50}}}""", put.Body);
        Assert.Equal("6", (await replace).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Patches_name_their_kind_and_may_go_to_the_status()
    {
        using KubernetesClient client = _api.Client(_time);
        var options = new WriteOptions { FieldManager = "agent", DryRun = true, Subresource = "status" };
        Task<Thing> merge = client.PatchAsync(Thing.Type, Name, KubernetesPatch.Merge(new JsonObject { ["status"] = new JsonObject { ["x"] = null } }), CancellationToken.None, options);
        ScriptedCall first = await _api.TakeAsync();
        first.Answer(Thing.Text("a", "6"));
        await merge;
        var operation = new JsonObject { ["op"] = "remove", ["path"] = "/metadata/labels/a~1b" };
        Task<Thing> operations = client.PatchAsync(Thing.Type, Name, KubernetesPatch.Operations([operation]), CancellationToken.None);
        ScriptedCall second = await _api.TakeAsync();
        second.Answer(Thing.Text("a", "7"));
        await operations;

        Assert.Equal(("application/merge-patch+json", "/apis/test.io/v1/namespaces/ns/things/a/status", "fieldManager=agent&dryRun=All"), (first.ContentType, first.Path, first.Query));
        Assert.Equal("""{"status":{"x":null}}""", first.Body);
        Assert.Equal(("application/json-patch+json", """[{"op":"remove","path":"/metadata/labels/a~1b"}]"""), (second.ContentType, second.Body));
    }

    [Fact]
    public async Task Server_side_apply_sends_the_fields_to_own_and_neither_version_nor_owners()
    {
        using KubernetesClient client = _api.Client(_time);
        var options = new WriteOptions { FieldManager = "istio-ambient-service", Force = true, Subresource = "status" };
        Task<Thing> applied = client.ApplyAsync(Thing.Type, Name, new JsonObject { ["status"] = new JsonObject { ["ok"] = true }, ["metadata"] = new JsonObject { ["managedFields"] = new JsonArray() } }, options, CancellationToken.None);

        ScriptedCall call = await _api.TakeAsync();
        call.Answer(Thing.Text("a", "6"));
        await applied;

        Assert.Equal((HttpMethod.Patch, "application/apply-patch+yaml", "fieldManager=istio-ambient-service&force=true"), (call.Method, call.ContentType, call.Query));
        AssertJson("""{"apiVersion":"test.io/v1","kind":"Thing","metadata":{"name":"a","namespace":"ns"},"status":{"ok":true}}""", call.Body);
        await Assert.ThrowsAsync<ArgumentException>(() => client.ApplyAsync(Thing.Type, Name, [], new WriteOptions(), CancellationToken.None));
    }

    [Fact]
    public async Task A_deletion_carries_its_conditions()
    {
        using KubernetesClient client = _api.Client(_time);
        Task deleted = client.DeleteAsync(Thing.Type, Name, CancellationToken.None, new DeleteOptions { Uid = "u", ResourceVersion = "5", PropagationPolicy = "Foreground", GracePeriodSeconds = 0 });

        ScriptedCall call = await _api.TakeAsync();
        call.Answer("""{"kind":"Status","status":"Success"}""");
        await deleted;

        Assert.Equal(HttpMethod.Delete, call.Method);
        AssertJson("""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u","resourceVersion":"5"},"propagationPolicy":"Foreground","gracePeriodSeconds":0}""", call.Body);
    }

    [Fact]
    public async Task A_token_review_tells_whose_token_it_is_and_prints_no_token()
    {
        using KubernetesClient client = _api.Client(_time);
        Task<TokenReviewStatus> review = client.ReviewTokenAsync("secret-token", ["istio-ca"], CancellationToken.None);
        ScriptedCall call = await _api.TakeAsync();
        call.Answer("""
            {"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"system:serviceaccount:ns:web","groups":null,
            "extra":{"authentication.kubernetes.io/pod-name":["web-1"]}}}}
            """);

        TokenReviewStatus status = await review;

        Assert.Equal((HttpMethod.Post, "/apis/authentication.k8s.io/v1/tokenreviews"), (call.Method, call.Path));
        AssertJson("""{"token":"secret-token","audiences":["istio-ca"]}""", JsonNode.Parse(call.Body)!["spec"]!.ToJsonString());
        Assert.True(status.Authenticated);
        Assert.Equal("web-1", status.User.Extra["authentication.kubernetes.io/pod-name"].Single());
        Assert.Empty(status.User.Groups);
        Assert.DoesNotContain("secret-token", new TokenReview { Spec = new TokenReviewSpec { Token = "secret-token" } }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_what_was_asked_and_what_the_server_said()
    {
        using KubernetesClient client = _api.Client(_time, credentials: new FixedCredentials(new ClientCredential("secret-token", null)));
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        ScriptedCall call = await _api.TakeAsync();
        Assert.Equal("secret-token", call.Token);
        call.Refuse(409, "Conflict");

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => get);

        Assert.True(error.IsConflict);
        Assert.False(error.IsAlreadyExists);
        Assert.Equal("GET apis/test.io/v1/namespaces/ns/things/a: 409 Conflict: said Conflict", error.Message);
        Assert.DoesNotContain("secret-token", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_found_as_nothing()
    {
        using KubernetesClient client = _api.Client(_time);
        Task<Thing?> find = client.FindAsync(Thing.Type, Name, CancellationToken.None);
        (await _api.TakeAsync()).Refuse(404, "NotFound");

        Assert.Null(await find);
    }

    [Fact]
    public async Task A_request_refused_for_now_is_repeated_when_the_server_said_so_and_not_forever()
    {
        using KubernetesClient client = _api.Client(_time, new KubernetesClientOptions { MaxRetries = 2 });
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            (await _api.TakeAsync()).Refuse(429, "TooManyRequests", ("Retry-After", "3"));
            Assert.Equal(TimeSpan.FromSeconds(3), await _time.PauseAsync(TimeSpan.FromSeconds(30)));
            Assert.False(_api.HasCall);
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        (await _api.TakeAsync()).Refuse(429, "TooManyRequests", ("Retry-After", "3"));

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => get);
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(503, "3600")]
    [InlineData(500, "1")]
    public async Task A_refusal_that_need_not_be_waited_for_is_told_at_once(int code, string? retryAfter)
    {
        using KubernetesClient client = _api.Client(_time);
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        (await _api.TakeAsync()).Refuse(code, "Busy", retryAfter is null ? [] : [("Retry-After", retryAfter)]);

        Assert.Equal(code, (int)(await Assert.ThrowsAsync<KubernetesException>(() => get)).Code);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using KubernetesClient client = _api.Client(_time);
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        (await _api.TakeAsync()).Answer("", System.Net.HttpStatusCode.Found, ("Location", "https://elsewhere.test/"));

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => get);

        Assert.Contains("redirect", error.Message, StringComparison.Ordinal);
        Assert.False(_api.HasCall);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_an_error_that_says_the_time()
    {
        using KubernetesClient client = _api.Client(_time);
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        await _api.TakeAsync();

        _time.Advance(TimeSpan.FromSeconds(60));

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => get);
        Assert.Equal(KubernetesFailure.TimedOut, error.Failure);
        Assert.Contains("60 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_stops_in_the_middle_is_given_up_in_time()
    {
        using KubernetesClient client = _api.Client(_time);
        Task<string> list = client.ListAsync(Thing.Type, new ListOptions(), _ => { }, CancellationToken.None);
        (await _api.TakeAsync()).Stream().Send("""{"items":[""");

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(KubernetesFailure.TimedOut, (await Assert.ThrowsAsync<KubernetesException>(() => list)).Failure);
    }

    [Fact]
    public async Task A_caller_who_gives_up_sees_its_own_cancellation()
    {
        using KubernetesClient client = _api.Client(_time);
        using var stop = new CancellationTokenSource();
        Task<Thing> get = client.GetAsync(Thing.Type, Name, stop.Token);
        await _api.TakeAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
    }

    [Fact]
    public async Task A_list_without_end_is_left_after_so_many_pages()
    {
        using KubernetesClient client = _api.Client(_time, new KubernetesClientOptions { MaxPages = 3 });
        Task<string> list = client.ListAsync(Thing.Type, new ListOptions(), _ => { }, CancellationToken.None);
        for (int page = 0; page < 3; page++)
        {
            (await _api.TakeAsync()).Answer("""{"metadata":{"resourceVersion":"1","continue":"more"},"items":[]}""");
        }

        Assert.Contains("3 pages", (await Assert.ThrowsAsync<KubernetesException>(() => list)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../secrets/b")]
    [InlineData("")]
    [InlineData("a%2fb")]
    public async Task A_name_never_leads_to_another_path(string name)
    {
        using KubernetesClient client = _api.Client(_time);

        await Assert.ThrowsAsync<ArgumentException>(() => client.GetAsync(Thing.Type, new ObjectName("ns", name), CancellationToken.None));

        Assert.False(_api.HasCall);
    }

    [Fact]
    public async Task A_rejected_credential_is_fetched_anew_once()
    {
        var credentials = new CountedCredentials();
        using KubernetesClient client = _api.Client(_time, credentials: credentials);
        Task<Thing> get = client.GetAsync(Thing.Type, Name, CancellationToken.None);
        ScriptedCall first = await _api.TakeAsync();
        first.Refuse(401, "Unauthorized");
        ScriptedCall second = await _api.TakeAsync();
        second.Refuse(401, "Unauthorized");

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => get);

        Assert.Equal(("token-0", "token-1"), (first.Token, second.Token));
        Assert.Equal(401, (int)error.Code);
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);

    private sealed class CountedCredentials : IClientCredentials
    {
        private int _rejected;

        public ValueTask<ClientCredential> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(new ClientCredential($"token-{_rejected}", null));

        public void Reject(ClientCredential credential) => _rejected++;
    }
}
