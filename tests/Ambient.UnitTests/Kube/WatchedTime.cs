using System.Threading.Channels;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Kube;

/// <summary>A clock that moves when told, and on which a test can wait until somebody waits.</summary>
internal sealed class WatchedTime : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public void Advance(TimeSpan duration) => _time.Advance(duration);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _time.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody begins to wait for at most so long, and tells how long. The limits of requests are longer.</summary>
    public async Task<TimeSpan> PauseAsync(TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            TimeSpan due = await _timers.Reader.ReadAsync(patience.Token);
            if (due <= atMost && due > TimeSpan.Zero)
            {
                return due;
            }
        }
    }
}
