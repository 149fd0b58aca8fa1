namespace Ambient.Certs;

/// <summary>
/// Notices that the wall clock was set or that the machine slept, by comparing it with a clock that only runs. Timers do not: they would
/// let a certificate expire, or wait for hours for a renewal that is due now.
/// </summary>
public sealed class ClockWatch : IDisposable
{
    /// <summary>How often the clocks are compared.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Smaller steps are corrections of drift.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _jumped;
    private readonly ITimer _timer;
    private DateTimeOffset _wall;
    private long _running;

    /// <param name="time">Both clocks.</param>
    /// <param name="jumped">Called with the size of the jump, on a pool thread; must be quick and must not throw.</param>
    public ClockWatch(TimeProvider time, Action<TimeSpan> jumped)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(jumped);
        _time = time;
        _jumped = jumped;
        _wall = time.GetUtcNow();
        _running = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((ClockWatch)state!).Compare(), this, Interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Compare()
    {
        TimeSpan jump = _time.GetUtcNow() - _wall - _time.GetElapsedTime(_running);
        _wall = _time.GetUtcNow();
        _running = _time.GetTimestamp();
        if (jump.Duration() > Tolerance)
        {
            _jumped(jump);
        }

        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }
}
