using Ambient.Mesh.Policies;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Certs;
using Ambient.Testing.Mesh;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

public class MeshStoreTests
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);
    private static readonly Workload Web = Pod("web", "10.0.0.1");

    private readonly ManualTime _time = new();
    private readonly MeshStore _store;

    public MeshStoreTests() => _store = new MeshStore(_time);

    [Fact]
    public async Task A_known_workload_is_returned_at_once()
    {
        _store.Update(builder => builder.UpsertWorkload(Web));
        ValueTask<Workload?> waiting = Wait();
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.Same(Web, await waiting);
        Assert.Empty(_time.Waiting);
    }

    [Fact]
    public async Task A_waiter_is_woken_by_the_right_workload_only()
    {
        ValueTask<Workload?> waiting = Wait();
        _store.Update(builder => builder.UpsertWorkload(Pod("other", "10.0.0.2")));
        _store.Update(builder => builder.UpsertWorkload(Web with { Uid = "renamed", Name = "web-1" }));
        _store.Update(builder => builder.UpsertWorkload(Web with { Uid = "moved", Namespace = "bank" }));
        Assert.False(waiting.IsCompleted);
        _store.Replace(new TestMesh().With(Web).Snapshot());
        Assert.Same(Web, await waiting);
        Assert.Empty(_time.Waiting);
    }

    [Fact]
    public async Task Every_waiter_is_woken()
    {
        Task<Workload?>[] waiting = [.. Enumerable.Range(0, 50).Select(_ => Wait().AsTask())];
        _store.Replace(new TestMesh().With(Web).Snapshot());
        Assert.All(await Task.WhenAll(waiting), found => Assert.Same(Web, found));
    }

    [Fact]
    public async Task A_workload_that_comes_too_late_is_not_waited_for()
    {
        ValueTask<Workload?> waiting = Wait();
        _time.Advance(FiveSeconds - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await waiting);
        _store.Replace(new TestMesh().With(Web).Snapshot());
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using CancellationTokenSource source = new();
        ValueTask<Workload?> waiting = _store.WaitForLocalWorkloadAsync("web", Namespace, "web", FiveSeconds, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Empty(_time.Waiting);
    }

    [Fact]
    public void Every_replacement_is_announced_in_order_and_tells_whether_policies_changed()
    {
        List<(int Previous, int Current, bool Policies)> seen = [];
        _store.Changed += change => seen.Add((change.Previous.WorkloadCount, change.Current.WorkloadCount, change.PoliciesChanged));
        _store.Update(builder => builder.UpsertWorkload(Web));
        _store.Update(builder => builder.UpsertPolicy(Policy("p", PolicyAction.Deny)));
        _store.Update(builder => builder.RemoveWorkload(Web.Uid));
        _store.Update(builder => builder.RemovePolicy("shop/p"));
        Assert.Equal([(0, 1, false), (1, 1, true), (1, 0, false), (0, 0, true)], seen);
    }

    [Fact]
    public async Task Concurrent_updates_are_all_applied()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(index =>
            Task.Run(() => _store.Update(builder => builder.UpsertWorkload(Pod($"w{index}", "10.0.0.1"))))));
        Assert.Equal(64, _store.Current.WorkloadCount);
    }

    private ValueTask<Workload?> Wait() => _store.WaitForLocalWorkloadAsync("web", Namespace, "web", FiveSeconds);
}
