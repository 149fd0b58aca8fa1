using Ambient.Testing.Certs;
using Ambient.Ztunnel.Pods;

namespace Ambient.UnitTests.Ztunnel.Pods;

/// <summary>Tries that are spaced out, one at a time.</summary>
public sealed class RetryTimerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task An_attempt_that_takes_long_is_not_joined_by_the_next_and_is_waited_for_at_the_end()
    {
        List<TaskCompletionSource> attempts = [];
        RetryTimer timer = new(
            Interval,
            () =>
            {
                attempts.Add(new TaskCompletionSource());
                return attempts[^1].Task;
            },
            _time);
        timer.Arm();
        _time.Advance(Interval);
        timer.Arm();
        _time.Advance(Interval * 3);
        Assert.Single(attempts);

        attempts[0].SetResult();
        Assert.Single(attempts);
        _time.Advance(Interval);
        Assert.Equal(2, attempts.Count);

        Task disposed = timer.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        attempts[1].SetResult();
        await disposed.WaitAsync(TimeSpan.FromSeconds(10));
        _time.Advance(Interval * 3);
        Assert.Equal(2, attempts.Count);
    }
}
