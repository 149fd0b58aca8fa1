using Ambient.Kube.Client;
using Ambient.Kube.Watching;

namespace Ambient.UnitTests.Kube.Watching;

public sealed class InformerTests : IAsyncLifetime
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ScriptedApi _api = new();
    private readonly WatchedTime _time = new();
    private readonly RecordedWatch _seen = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly KubernetesClient _client;
    private readonly Informer<Thing> _informer;
    private Task _run = Task.CompletedTask;

    public InformerTests()
    {
        _client = _api.Client(_time, new KubernetesClientOptions { MaxRetries = 0, MaxObjectBytes = 64 * 1024 });
        var options = new ListOptions { Namespace = "ns", LabelSelector = "app=web", FieldSelector = "spec.nodeName=n1" };
        _informer = new Informer<Thing>(_client, Thing.Type, options, [_seen], _seen, _time);
    }

    public Task InitializeAsync()
    {
        _run = Task.Run(() => _informer.RunAsync(_stop.Token));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _client.Dispose();
    }

    [Fact]
    public async Task Lists_then_watches_from_the_version_of_the_list_with_the_same_selectors()
    {
        ScriptedCall list = await _api.TakeAsync();
        Assert.Equal("/apis/test.io/v1/namespaces/ns/things", list.Path);
        Assert.Equal("labelSelector=app=web&fieldSelector=spec.nodeName=n1&limit=500", list.Query);
        Assert.False(_informer.Synced.IsCompleted);
        list.Answer(Thing.List("10", Thing.Text("a", "3"), Thing.Text("b", "4")));

        ScriptedCall watch = await _api.TakeAsync();

        Assert.StartsWith("watch=true&allowWatchBookmarks=true&resourceVersion=10&labelSelector=app=web&fieldSelector=spec.nodeName=n1&timeoutSeconds=", watch.Query, StringComparison.Ordinal);
        Assert.Equal(["added a@3", "added b@4", "synced", "listed things.test.io 2"], await _seen.NextAsync(4));
        Assert.True(_informer.Synced.IsCompleted);
        Assert.True(_informer.Objects.TryGet(new ObjectName("ns", "a"), out Thing? found));
        Assert.Equal("3", found.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Events_reach_the_store_and_the_handlers_in_order_however_the_lines_were_cut_on_the_way()
    {
        ScriptedBody watch = await SyncAsync();
        string lines = Thing.Event("ADDED", Thing.Text("b", "11")) + "\n" + Thing.Event("MODIFIED", Thing.Text("a", "12")) + Thing.Event("DELETED", Thing.Text("b", "13"));

        foreach (string piece in lines.Chunk(7).Select(piece => new string(piece)))
        {
            watch.Send(piece);
        }

        Assert.Equal(["added b@11", "updated a@3 a@12", "deleted b@13"], await _seen.NextAsync(3));
        Assert.Equal(["a"], _informer.Objects.Values.Select(value => value.Metadata.Name));
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_goes_on_after_its_last_event_without_a_new_list()
    {
        ScriptedBody watch = await SyncAsync();
        watch.Send(Thing.Event("MODIFIED", Thing.Text("a", "11")));
        watch.End();

        ScriptedCall next = await _api.TakeAsync();

        Assert.True(next.IsWatch);
        Assert.Contains("resourceVersion=11&", next.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bookmark_moves_the_point_to_go_on_from_and_tells_nobody()
    {
        ScriptedBody watch = await SyncAsync();
        watch.Send("""{"type":"BOOKMARK","object":{"kind":"Thing","apiVersion":"test.io/v1","metadata":{"resourceVersion":"400","creationTimestamp":null}}}""" + "\n");
        watch.End();

        ScriptedCall next = await _api.TakeAsync();

        Assert.Contains("resourceVersion=400&", next.Query, StringComparison.Ordinal);
        Assert.False(_seen.HasMore);
    }

    [Fact]
    public async Task A_line_that_was_cut_in_the_middle_is_dropped_and_asked_for_again()
    {
        ScriptedBody watch = await SyncAsync();
        watch.Send(Thing.Event("MODIFIED", Thing.Text("a", "11")));
        watch.Send(Thing.Event("MODIFIED", Thing.Text("a", "12"))[..40]);
        watch.Cut();

        (KubernetesException error, TimeSpan retryIn) = await _seen.FailureAsync();
        Assert.Equal(KubernetesFailure.Unreachable, error.Failure);
        await _time.PauseAsync(LongestPause);
        _time.Advance(retryIn);
        ScriptedCall next = await _api.TakeAsync();

        Assert.Contains("resourceVersion=11&", next.Query, StringComparison.Ordinal);
        Assert.Equal("updated a@3 a@11", await _seen.NextAsync());
        Assert.False(_seen.HasMore);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forgotten_version_leads_to_a_new_list_that_yields_the_difference(bool asEvent)
    {
        ScriptedBody watch = await SyncAsync("a", "b", "c");
        watch.Send(Thing.Event("ADDED", Thing.Text("d", "11")));
        Assert.Equal("added d@11", await _seen.NextAsync());
        if (asEvent)
        {
            watch.Send("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}""" + "\n");
        }
        else
        {
            watch.End();
            (await _api.TakeAsync()).Refuse(410, "Expired");
        }

        (KubernetesException error, TimeSpan retryIn) = await _seen.FailureAsync();
        Assert.True(error.IsExpired);
        if (retryIn > TimeSpan.Zero)
        {
            await _time.PauseAsync(LongestPause);
            _time.Advance(retryIn);
        }

        // a is the same, b changed, c is another object of that name, d is gone.
        ScriptedCall list = await _api.TakeAsync();
        Assert.False(list.IsWatch);
        list.Answer(Thing.List("30", Thing.Text("a", "3"), Thing.Text("b", "21"), Thing.Text("c", "22", uid: "other")));

        Assert.Equal(["updated b@3 b@21", "deleted c@3", "added c@22", "deleted d@11", "listed things.test.io 3"], await _seen.NextAsync(5));
        Assert.Contains("resourceVersion=30&", (await _api.TakeAsync()).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_known_stays_while_the_server_is_away_and_the_pauses_grow_to_half_a_minute()
    {
        ScriptedBody watch = await SyncAsync();
        watch.Cut();
        List<TimeSpan> pauses = [];
        for (int attempt = 0; attempt < 10; attempt++)
        {
            (_, TimeSpan retryIn) = await _seen.FailureAsync();
            pauses.Add(retryIn);
            await _time.PauseAsync(LongestPause);
            _time.Advance(retryIn);
            ScriptedCall call = await _api.TakeAsync();
            Assert.True(call.IsWatch);
            call.Break();
        }

        Assert.Equal(1, _informer.Objects.Count);
        Assert.False(_seen.HasMore);
        Assert.InRange(pauses[0], TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1.6));
        Assert.InRange(pauses[2], TimeSpan.FromSeconds(3.2), TimeSpan.FromSeconds(6.4));
        Assert.All(pauses.Skip(6), pause => Assert.InRange(pause, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_server_that_says_when_to_come_back_is_left_alone_until_then()
    {
        await SyncAsync(thenEnd: true);
        (await _api.TakeAsync()).Refuse(429, "TooManyRequests", ("Retry-After", "17"));

        (KubernetesException error, TimeSpan retryIn) = await _seen.FailureAsync();

        Assert.Equal(429, (int)error.Code);
        Assert.Equal(TimeSpan.FromSeconds(17), retryIn);
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    public async Task A_refused_watch_is_tried_again_from_where_it_was(int code, string reason)
    {
        await SyncAsync(thenEnd: true);
        (await _api.TakeAsync()).Refuse(code, reason);
        (KubernetesException error, TimeSpan retryIn) = await _seen.FailureAsync();
        Assert.Equal(reason, error.Reason);
        await _time.PauseAsync(LongestPause);
        _time.Advance(retryIn);

        ScriptedCall next = await _api.TakeAsync();

        Assert.True(next.IsWatch);
        Assert.Contains("resourceVersion=11&", next.Query, StringComparison.Ordinal);
        Assert.Equal(1, _informer.Objects.Count);
    }

    [Fact]
    public async Task A_list_that_breaks_off_deletes_nothing()
    {
        ScriptedBody watch = await SyncAsync("a", "b");
        watch.Send(Thing.Event("ADDED", Thing.Text("c", "11")));
        await _seen.NextAsync();
        watch.Send("""{"type":"ERROR","object":{"code":410,"reason":"Gone"}}""" + "\n");
        ScriptedBody list = (await _api.TakeAsync()).Stream();
        list.Send(Thing.List("30", Thing.Text("a", "20"), Thing.Text("b", "3"))[..^60]);
        list.Cut();
        await _seen.FailureAsync();
        (_, TimeSpan retryIn) = await _seen.FailureAsync();
        await _time.PauseAsync(LongestPause);
        _time.Advance(retryIn);

        Assert.Equal(3, _informer.Objects.Count);
        (await _api.TakeAsync()).Answer(Thing.List("31", Thing.Text("a", "20"), Thing.Text("c", "11")));

        Assert.Equal(["updated a@3 a@20", "deleted b@3", "listed things.test.io 2"], await _seen.NextAsync(3));
    }

    [Fact]
    public async Task A_list_that_changes_between_its_pages_is_read_again_in_one_piece()
    {
        (await _api.TakeAsync()).Answer("""{"metadata":{"resourceVersion":"1","continue":"page-2"},"items":[""" + Thing.Text("a", "1") + "]}");
        ScriptedCall second = await _api.TakeAsync();
        Assert.EndsWith("continue=page-2", second.Query, StringComparison.Ordinal);
        second.Refuse(410, "Expired");
        (_, TimeSpan retryIn) = await _seen.FailureAsync();
        if (retryIn > TimeSpan.Zero)
        {
            await _time.PauseAsync(LongestPause);
            _time.Advance(retryIn);
        }

        ScriptedCall whole = await _api.TakeAsync();

        Assert.DoesNotContain("limit", whole.Query, StringComparison.Ordinal);
        whole.Answer(Thing.List("9", Thing.Text("a", "1"), Thing.Text("b", "2")));
        Assert.Equal(["added a@1", "added b@2", "synced"], await _seen.NextAsync(3));
    }

    [Theory]
    [InlineData("this is not JSON\n")]
    [InlineData("""{"type":"SURPRISE","object":{}}""" + "\n")]
    [InlineData("""{"type":"ADDED"}""" + "\n")]
    public async Task A_line_that_cannot_be_read_leads_to_a_new_list_since_it_would_come_again(string line)
    {
        ScriptedBody watch = await SyncAsync();
        watch.Send(line);
        (KubernetesException error, TimeSpan retryIn) = await _seen.FailureAsync();
        Assert.Equal(KubernetesFailure.InvalidAnswer, error.Failure);
        await _time.PauseAsync(LongestPause);
        _time.Advance(retryIn);

        Assert.False((await _api.TakeAsync()).IsWatch);
    }

    [Fact]
    public async Task A_line_without_an_end_is_read_no_further_than_an_object_may_be_long()
    {
        ScriptedBody watch = await SyncAsync();
        watch.Send(new string('x', 200 * 1024));

        (KubernetesException error, _) = await _seen.FailureAsync();

        Assert.Equal(KubernetesFailure.InvalidAnswer, error.Failure);
        Assert.Contains("longer than 65536 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_every_watch_at_once_is_not_asked_in_a_tight_loop()
    {
        ScriptedBody watch = await SyncAsync();
        watch.End();

        TimeSpan pause = await _time.PauseAsync(LongestPause);

        Assert.InRange(pause, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1.6));
        Assert.False(_api.HasCall);
    }

    [Fact]
    public async Task A_watch_that_stays_open_past_its_time_is_ended_here()
    {
        await SyncAsync();

        _time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(31));

        (KubernetesException error, _) = await _seen.FailureAsync();
        Assert.Equal(KubernetesFailure.TimedOut, error.Failure);
    }

    [Fact]
    public async Task A_handler_that_throws_is_reported_and_misses_nothing_that_follows()
    {
        ScriptedBody watch = await SyncAsync();
        watch.Send(Thing.Event("ADDED", Thing.Text("poison", "11")) + Thing.Event("ADDED", Thing.Text("b", "12")));

        Assert.Equal(["added poison@11", "handler failed things ns/poison: cannot take poison", "added b@12"], await _seen.NextAsync(3));
    }

    /// <summary>Answers the first list, each object at version 3, and gives the watch.</summary>
    private Task<ScriptedBody> SyncAsync(params string[] names) => SyncAsync(thenEnd: false, names);

    /// <param name="thenEnd">Ends the watch after an event of version 11, so that the next begins at once.</param>
    /// <param name="names">What there is; <c>a</c> when none is said.</param>
    private async Task<ScriptedBody> SyncAsync(bool thenEnd, params string[] names)
    {
        string[] all = names.Length == 0 ? ["a"] : names;
        (await _api.TakeAsync()).Answer(Thing.List("10", all.Select(name => Thing.Text(name, "3"))));
        ScriptedBody watch = (await _api.TakeAsync()).Stream();
        await _seen.NextAsync(all.Length + 2);
        if (thenEnd)
        {
            watch.Send(Thing.Event("MODIFIED", Thing.Text("a", "11")));
            await _seen.NextAsync();
            watch.End();
        }

        return watch;
    }
}
