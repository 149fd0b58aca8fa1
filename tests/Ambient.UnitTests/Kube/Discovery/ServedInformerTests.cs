using Ambient.Kube.Client;
using Ambient.Kube.Discovery;
using Ambient.Kube.Resources;

namespace Ambient.UnitTests.Kube.Discovery;

public sealed class ServedInformerTests : IAsyncLifetime
{
    private const string GroupPath = "/apis/test.io/v1";
    private const string Served = """{"groupVersion":"test.io/v1","resources":[{"name":"things","kind":"Thing","namespaced":true,"verbs":["get","list","watch"],"shortNames":null},{"name":"things/status","kind":"Thing","namespaced":true,"verbs":["get"]}]}""";
    private const string Emptied = """{"groupVersion":"test.io/v1","resources":[]}""";

    private readonly ScriptedApi _api = new();
    private readonly WatchedTime _time = new();
    private readonly RecordedWatch _seen = new();
    private readonly DefinitionSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly KubernetesClient _client;
    private readonly ServedInformer<Thing> _informer;
    private Task _run = Task.CompletedTask;

    public ServedInformerTests()
    {
        _client = _api.Client(_time, new KubernetesClientOptions { MaxRetries = 0 });
        _informer = new ServedInformer<Thing>(_client, Thing.Type, new ListOptions(), [_seen], _signal, _seen, _time);
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
    public async Task A_kind_that_is_not_there_yet_is_an_empty_one_until_its_definition_appears()
    {
        (await TakeQuestionAsync()).Refuse(404, "NotFound");
        Assert.Equal("synced", await _seen.NextAsync());
        await _informer.Synced;
        await _time.PauseAsync(ServedInformer<Thing>.CheckInterval);

        _signal.Added(new CustomResourceDefinition());
        (await TakeQuestionAsync()).Answer(Served);

        (await TakeListAsync()).Answer(Thing.List("5", Thing.Text("a", "1")));
        Assert.Equal(["added a@1", "listed things.test.io 1"], await _seen.NextAsync(2));
    }

    [Fact]
    public async Task A_kind_that_appears_without_a_signal_is_found_within_half_a_minute()
    {
        (await TakeQuestionAsync()).Answer(Emptied);
        Assert.Equal(TimeSpan.FromSeconds(30), await _time.PauseAsync(ServedInformer<Thing>.CheckInterval));

        _time.Advance(TimeSpan.FromSeconds(30));

        (await TakeQuestionAsync()).Answer(Served);
        await TakeListAsync();
    }

    [Fact]
    public async Task A_definition_that_is_served_a_moment_after_it_was_written_is_asked_for_again_soon()
    {
        (await TakeQuestionAsync()).Refuse(404, "NotFound");
        await _time.PauseAsync(ServedInformer<Thing>.CheckInterval);
        _signal.Added(new CustomResourceDefinition());
        (await TakeQuestionAsync()).Refuse(404, "NotFound");

        Assert.Equal(TimeSpan.FromSeconds(1), await _time.PauseAsync(ServedInformer<Thing>.CheckInterval));
        _time.Advance(TimeSpan.FromSeconds(1));

        (await TakeQuestionAsync()).Answer(Served);
        await TakeListAsync();
    }

    [Fact]
    public async Task A_kind_that_is_removed_takes_its_objects_along_and_its_watch()
    {
        await WatchAsync();
        _signal.Deleted(new CustomResourceDefinition());

        (await TakeQuestionAsync()).Answer(Emptied);

        Assert.Equal("deleted a@1", await _seen.NextAsync());
        Assert.Equal(0, _informer.Objects.Count);
        Assert.False(_informer.IsServed);
    }

    [Fact]
    public async Task No_answer_to_the_question_changes_nothing()
    {
        await WatchAsync();
        _signal.Updated(new CustomResourceDefinition(), new CustomResourceDefinition());

        (await TakeQuestionAsync()).Break();

        (KubernetesException error, _) = await _seen.FailureAsync();
        Assert.Equal(KubernetesFailure.Unreachable, error.Failure);
        Assert.True(_informer.IsServed);
        Assert.Equal(1, _informer.Objects.Count);
        Assert.False(_seen.HasMore);
    }

    [Fact]
    public async Task A_kind_is_found_by_the_name_that_objects_give()
    {
        (await TakeQuestionAsync()).Refuse(404, "NotFound");
        Task<ResourceType<UntypedObject>?> find = new ApiDiscovery(_client).FindTypeAsync("test.io/v1", "Thing", CancellationToken.None);
        (await TakeQuestionAsync()).Answer(Served);

        ResourceType<UntypedObject>? found = await find;

        Assert.Equal(("test.io", "v1", "things", true), (found!.Group, found.Version, found.Plural, found.Namespaced));
    }

    private async Task WatchAsync()
    {
        (await TakeQuestionAsync()).Answer(Served);
        (await TakeListAsync()).Answer(Thing.List("5", Thing.Text("a", "1")));
        ScriptedCall watch = await _api.TakeAsync();
        Assert.True(watch.IsWatch);
        watch.Stream();
        await _seen.NextAsync(3);
        Assert.True(_informer.IsServed);
        await _time.PauseAsync(ServedInformer<Thing>.CheckInterval);
    }

    private async Task<ScriptedCall> TakeQuestionAsync()
    {
        ScriptedCall call = await _api.TakeAsync();
        Assert.Equal(GroupPath, call.Path);
        return call;
    }

    private async Task<ScriptedCall> TakeListAsync()
    {
        ScriptedCall call = await _api.TakeAsync();
        Assert.Equal(("/apis/test.io/v1/things", false), (call.Path, call.IsWatch));
        return call;
    }
}
