using System.Net;
using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Faults;
using Ambient.ApiServer.Tokens;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Leases;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Security;
using Ambient.Kube.Watching;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>The mesh's own client against this server, with each fault.</summary>
public sealed class KubernetesClientTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(2));
    private readonly RecordedPods _told = new();
    private ApiServerHost _host = null!;
    private KubernetesClient _client = null!;
    private Informer<Pod> _informer = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions());
        _client = new KubernetesClient(new KubernetesConfiguration(_host.Address), new KubernetesClientOptions { PageSize = 2 }, TimeProvider.System);
        _informer = new Informer<Pod>(_client, KubernetesResources.Pods, new ListOptions(), [_told], _told, TimeProvider.System);
        await _client.CreateAsync(KubernetesResources.Namespaces, new Namespace { Metadata = new ObjectMeta { Name = "shop" } }, _end.Token);
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _client.Dispose();
        await _host.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task An_informer_sees_what_was_there_and_what_comes_changes_and_goes()
    {
        for (int index = 0; index < 5; index++)
        {
            await CreateAsync($"p{index}");
        }

        await FollowAsync(5);
        await CreateAsync("new");
        Assert.Equal("added new", await _told.NextAsync());
        await LabelAsync("new");
        Assert.Equal("updated new", await _told.NextAsync());
        await _client.DeleteAsync(KubernetesResources.Pods, new ObjectName("shop", "new"), _end.Token);
        Assert.Equal("deleted new", await _told.NextAsync());
    }

    [Fact]
    public async Task A_watch_that_is_cut_goes_on_where_it_was()
    {
        await FollowAsync(0);
        await SeeWatchAsync();
        _host.Faults.CutWatches();
        await CreateAsync("a");

        Assert.Equal("added a", await _told.NextAsync());
    }

    [Fact]
    public async Task A_watch_that_expires_in_the_middle_begins_with_a_new_list()
    {
        await CreateAsync("a");
        await FollowAsync(1);
        await SeeWatchAsync();
        _host.Faults.ExpireWatches();

        Assert.True((await _told.FailureAsync()).IsExpired);
        Assert.Equal("listed 2", await _told.NextAsync());
        await CreateAsync("b");
        Assert.Equal("added b", await _told.NextAsync());
    }

    [Fact]
    public async Task A_client_that_was_away_too_long_lists_again_and_misses_nothing()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        await FollowAsync(2);
        await SeeWatchAsync();

        // While it is away one pod goes and one comes, and the server forgets both.
        _host.Faults.Add(new FaultRule(Fault.Away, "watch=true", count: 1));
        _host.Faults.CutWatches();
        await _told.FailureAsync();
        await _client.DeleteAsync(KubernetesResources.Pods, new ObjectName("shop", "a"), _end.Token);
        await CreateAsync("c");
        _host.Storage.Forget(_host.Kinds.Find("", "v1", "pods")!);

        List<string> told = [await _told.NextAsync(), await _told.NextAsync(), await _told.NextAsync()];
        Assert.Contains("added c", told);
        Assert.Contains("deleted a", told);
    }

    [Theory]
    [InlineData(Fault.InternalError)]
    [InlineData(Fault.TooManyRequests)]
    [InlineData(Fault.Away)]
    [InlineData(Fault.Expired)]
    public async Task A_list_that_fails_is_tried_until_it_is_whole(Fault fault)
    {
        await CreateAsync("a");
        _host.Faults.Add(new FaultRule(fault, "/api/v1/pods", count: 2));

        _running = _informer.RunAsync(_end.Token);
        await _informer.Synced.WaitAsync(_end.Token);

        Assert.Equal(1, _informer.Objects.Count);
        Assert.Empty(_host.Faults.Rules);
    }

    [Fact]
    public async Task A_page_that_has_expired_is_not_taken_for_the_end_of_the_list()
    {
        for (int index = 0; index < 5; index++)
        {
            await CreateAsync($"p{index}");
        }

        _host.Faults.Add(new FaultRule(Fault.Expired, "continue=", count: 1));
        _running = _informer.RunAsync(_end.Token);
        await _informer.Synced.WaitAsync(_end.Token);

        Assert.Equal(5, _informer.Objects.Count);
    }

    [Fact]
    public async Task Server_side_apply_of_a_status_owns_it_and_conflicts_are_told()
    {
        await _client.ApplyAsync(KubernetesResources.AuthorizationPolicies, new ObjectName("shop", "p"), new JsonObject { ["spec"] = new JsonObject { ["action"] = "DENY" } }, By("user"), _end.Token);

        AuthorizationPolicy told = await _client.ApplyAsync(
            KubernetesResources.AuthorizationPolicies, new ObjectName("shop", "p"), Accepted("True"), By("istio-ambient-ztunnel-policy") with { Subresource = "status" }, _end.Token);
        Assert.Equal(("True", "DENY"), (Assert.Single(told.Status.Conditions).Status, told.Spec.Action));

        KubernetesException conflict = await Assert.ThrowsAsync<KubernetesException>(() => _client.ApplyAsync(
            KubernetesResources.AuthorizationPolicies, new ObjectName("shop", "p"), Accepted("False"), By("another") with { Subresource = "status" }, _end.Token));
        Assert.True(conflict.IsConflict);
        Assert.Contains("istio-ambient-ztunnel-policy", conflict.Message, StringComparison.Ordinal);

        KubernetesException typo = await Assert.ThrowsAsync<KubernetesException>(() => _client.ApplyAsync(
            KubernetesResources.AuthorizationPolicies, new ObjectName("shop", "q"), new JsonObject { ["spec"] = new JsonObject { ["actoin"] = "DENY" } }, By("user") with { FieldValidation = "Strict" }, _end.Token));
        Assert.Equal(HttpStatusCode.BadRequest, typo.Code);
        Assert.Contains("spec.actoin", typo.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_review_knows_good_expired_revoked_and_foreign_tokens()
    {
        DateTimeOffset soon = TimeProvider.System.GetUtcNow().AddHours(1);
        string good = _host.Tokens.Issue(new TokenOwner("shop", "web", "istio-ca", soon) { PodName = "web-1", NodeName = "n1" });
        string old = _host.Tokens.Issue(new TokenOwner("shop", "web", "istio-ca", soon.AddHours(-2)));
        string revoked = _host.Tokens.Issue(new TokenOwner("shop", "web", "istio-ca", soon));
        _host.Tokens.Revoke(revoked);

        TokenReviewStatus status = await _client.ReviewTokenAsync(good, ["istio-ca"], _end.Token);
        Assert.True(status.Authenticated);
        Assert.Equal("system:serviceaccount:shop:web", status.User.Username);
        Assert.Equal("n1", Assert.Single(status.User.Extra["authentication.kubernetes.io/node-name"]));
        Assert.False((await _client.ReviewTokenAsync(good, ["another"], _end.Token)).Authenticated);
        Assert.False((await _client.ReviewTokenAsync(old, ["istio-ca"], _end.Token)).Authenticated);
        Assert.False((await _client.ReviewTokenAsync(revoked, ["istio-ca"], _end.Token)).Authenticated);
        Assert.False((await _client.ReviewTokenAsync("nonsense", ["istio-ca"], _end.Token)).Authenticated);
    }

    [Fact]
    public async Task Of_two_candidates_one_leads_and_the_other_follows_when_it_ends()
    {
        using CancellationTokenSource first = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        TaskCompletionSource leads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource follows = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task one = Elector("one").RunAsync(cancelled => LeadAsync(leads, cancelled), first.Token);
        await leads.Task.WaitAsync(_end.Token);
        Task two = Elector("two").RunAsync(cancelled => LeadAsync(follows, cancelled), _end.Token);
        Assert.False(follows.Task.IsCompleted);

        await first.CancelAsync();
        await one;
        await follows.Task.WaitAsync(_end.Token);

        Assert.Equal("two", (await _client.GetAsync(Lease.Type, new ObjectName("shop", "leader"), _end.Token)).Spec.HolderIdentity);
        await _end.CancelAsync();
        await two;
    }

    private static WriteOptions By(string manager) => new() { FieldManager = manager };

    private static JsonObject Accepted(string status) => new()
    {
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "ZtunnelAccepted", ["status"] = status }) },
    };

    private static async Task LeadAsync(TaskCompletionSource began, CancellationToken cancelled)
    {
        began.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancelled).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private LeaderElector Elector(string identity) => new(
        _client,
        new LeaderElectionOptions("shop", "leader", identity) { LeaseDuration = TimeSpan.FromSeconds(3), RenewDeadline = TimeSpan.FromSeconds(2), RetryPeriod = TimeSpan.FromMilliseconds(200) },
        new SilentLeadership(),
        TimeProvider.System);

    private async Task FollowAsync(int count)
    {
        _running = _informer.RunAsync(_end.Token);
        List<string> told = [];
        while (told.Count < count + 2)
        {
            told.Add(await _told.NextAsync());
        }

        Assert.Contains($"listed {count}", told);
    }

    // What comes after the list comes by the watch: it is there.
    private async Task SeeWatchAsync()
    {
        await CreateAsync("first-watched");
        Assert.Equal("added first-watched", await _told.NextAsync());
    }

    private Task<Pod> CreateAsync(string name) =>
        _client.CreateAsync(KubernetesResources.Pods, new Pod { Metadata = new ObjectMeta { Name = name, Namespace = "shop" } }, _end.Token);

    private Task<Pod> LabelAsync(string name) => _client.PatchAsync(
        KubernetesResources.Pods, new ObjectName("shop", name), KubernetesPatch.Merge((JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"a":"b"}}}""")!), _end.Token);
}
