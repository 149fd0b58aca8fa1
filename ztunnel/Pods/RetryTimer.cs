namespace Ambient.Ztunnel.Pods;

/// <summary>Calls back once, a while after it was armed; arming it again meanwhile changes nothing. Thread-safe.</summary>
internal sealed class RetryTimer : IAsyncDisposable
{
    private readonly TimeSpan _interval;
    private readonly Func<Task> _attempt;
    private readonly ITimer _timer;
    private volatile Task _running = Task.CompletedTask;
    private int _isArmed;

    /// <param name="interval">From arming to the attempt.</param>
    /// <param name="attempt">Never fails; arms the timer again when there is more to try.</param>
    /// <param name="time">Measures the interval.</param>
    public RetryTimer(TimeSpan interval, Func<Task> attempt, TimeProvider time)
    {
        _interval = interval;
        _attempt = attempt;
        _timer = time.CreateTimer(static timer => ((RetryTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Arm()
    {
        if (Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Waits for an attempt that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _running;
    }

    private void Fire()
    {
        Volatile.Write(ref _isArmed, 0);
        _running = _attempt();
    }
}
