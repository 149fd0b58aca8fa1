namespace Ambient.Testing.Http2;

/// <summary>Time that moves only when a test says so.</summary>
public sealed class ManualClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often the time was asked for.</summary>
    public int Reads { get; private set; }

    public void Advance(TimeSpan time) => _ticks += time.Ticks;

    public override long GetTimestamp()
    {
        Reads++;
        return _ticks;
    }
}
