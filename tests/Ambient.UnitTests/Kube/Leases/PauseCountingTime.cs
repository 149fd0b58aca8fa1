namespace Ambient.UnitTests.Kube.Leases;

/// <summary>A clock that knows whether its user pauses: waits on a timer that is no longer than a pause is.</summary>
internal sealed class PauseCountingTime(TimeProvider time, TimeSpan longestPause) : TimeProvider
{
    private int _pauses;

    public bool IsPausing => Volatile.Read(ref _pauses) > 0;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // Limits are token sources; pauses are delays.
        if (dueTime > longestPause || state is CancellationTokenSource)
        {
            return time.CreateTimer(callback, state, dueTime, period);
        }

        var pause = new Pause(this);
        Interlocked.Increment(ref _pauses);
        pause.Timer = time.CreateTimer(
            _ =>
            {
                pause.End();
                callback(state);
            },
            null,
            dueTime,
            period);
        return pause;
    }

    private sealed class Pause(PauseCountingTime owner) : ITimer
    {
        private int _ended;

        public ITimer? Timer { get; set; }

        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref owner._pauses);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Timer!.Change(dueTime, period);

        public void Dispose()
        {
            End();
            Timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
