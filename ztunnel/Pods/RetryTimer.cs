namespace Ambient.Ztunnel.Pods;

/// <summary>
/// Calls back once, a while after it was armed; arming it again meanwhile changes nothing. One attempt at a time: armed during one, the while
/// begins when that has ended. Thread-safe.
/// </summary>
internal sealed class RetryTimer : IAsyncDisposable
{
    private readonly TimeSpan _interval;
    private readonly Func<Task> _attempt;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private volatile Task _running = Task.CompletedTask;
    private bool _isArmed;
    private bool _isRunning;

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
        lock (_lock)
        {
            if (!_isArmed && !_isRunning)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }

            _isArmed = true;
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
        lock (_lock)
        {
            _isArmed = false;
            _isRunning = true;
        }

        _running = RunAsync();
    }

    private async Task RunAsync()
    {
        await _attempt();
        lock (_lock)
        {
            _isRunning = false;
            if (_isArmed)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
