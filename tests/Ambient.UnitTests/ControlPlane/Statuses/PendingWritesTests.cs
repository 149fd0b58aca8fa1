using Ambient.ControlPlane.Statuses;
using Ambient.ControlPlane.Translation;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.ControlPlane.Statuses;

public sealed class PendingWritesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly PendingWrites _pending;

    public PendingWritesTests()
    {
        _pending = new PendingWrites(_time);
        _pending.Open();
    }

    [Fact]
    public async Task A_thing_that_waits_already_waits_once()
    {
        _pending.Add(Work("a"));
        _pending.Add(Work("a"));
        _pending.Add(Work("b"));

        Assert.Equal(2, _pending.Count);
        Assert.Equal([Work("a"), Work("b")], [await NextAsync(), await NextAsync()]);
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public async Task What_is_added_for_later_comes_at_its_time()
    {
        _pending.Add(Work("later"), TimeSpan.FromSeconds(5));
        Task<StatusWork> next = _pending.NextAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Work("later"), await next.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_is_wanted_earlier_comes_earlier_and_once()
    {
        _pending.Add(Work("a"), TimeSpan.FromMinutes(1));
        _pending.Add(Work("a"));

        Assert.Equal(Work("a"), await NextAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(_pending.NextAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task What_fails_waits_longer_each_time_and_never_more_than_five_minutes()
    {
        TimeSpan last = TimeSpan.Zero;
        for (int failure = 0; failure < 20; failure++)
        {
            TimeSpan wait = _pending.Retry(Work("a"));
            Assert.True(wait > last || wait == TimeSpan.FromMinutes(5), $"{wait} after {last}");
            Assert.True(wait <= TimeSpan.FromMinutes(5));
            _time.Advance(wait);
            Assert.Equal(Work("a"), await NextAsync());
            last = wait;
        }

        _pending.Done(Work("a"));
        Assert.True(_pending.Retry(Work("a")) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_replica_that_does_not_lead_keeps_nothing()
    {
        _pending.Add(Work("a"));
        _pending.Close();
        _pending.Add(Work("b"));

        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public void More_than_the_limit_is_dropped_and_counted()
    {
        for (int index = 0; index < PendingWrites.MaxWaiting + 3; index++)
        {
            _pending.Add(Work($"object-{index}"), TimeSpan.FromMinutes(1));
        }

        Assert.Equal((PendingWrites.MaxWaiting, 3L), (_pending.Count, _pending.Dropped));
    }

    private Task<StatusWork> NextAsync() => _pending.NextAsync(CancellationToken.None).WaitAsync(Patience);

    private static StatusWork.Conditions Work(string name) => new(new ObjectKey(ObjectKind.Service, "shop", name));
}
