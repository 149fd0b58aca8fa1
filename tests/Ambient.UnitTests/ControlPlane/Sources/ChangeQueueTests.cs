using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.ControlPlane.Sources;

public sealed class ChangeQueueTests
{
    private static readonly DebounceTimes Times = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly ChangeQueue _queue;

    public ChangeQueueTests() => _queue = new ChangeQueue(Times, _time);

    [Fact]
    public async Task A_single_change_is_given_out_once_it_has_been_quiet()
    {
        Task<ChangeBatch> taking = _queue.TakeAsync(CancellationToken.None);
        _queue.Add(Pod("a", "1"));
        await AdvanceWhenWaitingAsync(TimeSpan.FromMilliseconds(19));
        Assert.False(taking.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["a"], Names(await taking.WaitAsync(Patience)));
    }

    [Fact]
    public async Task Changes_that_do_not_stop_are_given_out_when_the_first_has_waited_long_enough()
    {
        Task<ChangeBatch> taking = _queue.TakeAsync(CancellationToken.None);
        int added = 0;
        for (int step = 0; step < 19; step++)
        {
            _queue.Add(Pod($"pod-{added++}", "1"));
            await AdvanceWhenWaitingAsync(TimeSpan.FromMilliseconds(10));
            Assert.False(taking.IsCompleted);
        }

        _queue.Add(Pod($"pod-{added++}", "1"));
        await AdvanceWhenWaitingAsync(TimeSpan.FromMilliseconds(10));

        Assert.Equal(added, (await taking.WaitAsync(Patience)).Changes.Count);
    }

    [Fact]
    public void Of_several_changes_of_one_object_the_last_counts()
    {
        _queue.Add(Pod("a", "1"));
        _queue.Add(Pod("b", "1"));
        _queue.Add(Pod("a", "2"));
        _queue.Add(ObjectChange.Delete(new ObjectKey(ObjectKind.Pod, "shop", "b")));

        ObjectChange[] changes = [.. _queue.TakeNow().Changes.OrderBy(change => change.Key)];

        Assert.Equal("2", changes[0].Object!.Metadata.ResourceVersion);
        Assert.Null(changes[1].Object);
        Assert.Equal(2, changes.Length);
        Assert.Empty(_queue.TakeNow().Changes);
    }

    [Fact]
    public async Task What_came_while_a_batch_was_worked_on_is_in_the_next_one()
    {
        _queue.Add(Pod("a", "1"));
        _queue.TakeNow();
        Task<ChangeBatch> taking = _queue.TakeAsync(CancellationToken.None);
        Assert.False(taking.IsCompleted);
        _queue.Add(Pod("b", "1"));
        await AdvanceWhenWaitingAsync(TimeSpan.FromMilliseconds(20));

        Assert.Equal(["b"], Names(await taking.WaitAsync(Patience)));
    }

    [Fact]
    public async Task A_batch_says_when_its_first_change_came()
    {
        _queue.Add(Pod("a", "1"));
        _time.Advance(TimeSpan.FromMilliseconds(15));
        _queue.Add(Pod("b", "1"));
        _time.Advance(TimeSpan.FromMilliseconds(20));

        ChangeBatch batch = await _queue.TakeAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(TimeSpan.FromMilliseconds(35), _time.GetElapsedTime(batch.FirstAt));
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        using CancellationTokenSource ending = new();
        Task<ChangeBatch> taking = _queue.TakeAsync(ending.Token);
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    [Fact]
    public async Task No_change_is_lost_among_many_that_add_and_one_that_takes()
    {
        const int Adders = 4;
        const int Each = 2_000;
        ChangeQueue queue = new(new DebounceTimes(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), TimeProvider.System);
        Task adding = Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(() =>
        {
            for (int index = 0; index < Each; index++)
            {
                queue.Add(Pod($"{adder}-{index}", "1"));
            }
        })));
        HashSet<string> seen = [];
        while (seen.Count < Adders * Each)
        {
            seen.UnionWith(Names(await queue.TakeAsync(CancellationToken.None).WaitAsync(Patience)));
        }

        await adding;
        Assert.Empty(queue.TakeNow().Changes);
    }

    private static ObjectChange Pod(string name, string version) =>
        ObjectChange.Upsert(new Pod { Metadata = new ObjectMeta { Namespace = "shop", Name = name, ResourceVersion = version } });

    private static IEnumerable<string> Names(ChangeBatch batch) => batch.Changes.Select(change => change.Key.Name);

    /// <summary>The taker runs on the pool: the clock moves when it has come to wait.</summary>
    private async Task AdvanceWhenWaitingAsync(TimeSpan duration)
    {
        using CancellationTokenSource patience = new(Patience);
        while (_time.Waiting.Count == 0)
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }

        _time.Advance(duration);
    }
}
