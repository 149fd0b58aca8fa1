namespace Ambient.ControlPlane.Statuses;

/// <summary>So many writes at once, and so many a second after that: the API server is everybody's. One waits at a time.</summary>
/// <param name="perSecond">Writes a second.</param>
/// <param name="burst">Writes that need not wait after a pause.</param>
/// <param name="time">Waits.</param>
public sealed class WritePace(double perSecond, int burst, TimeProvider time)
{
    private double _credit = burst;
    private long _seenAt = time.GetTimestamp();

    public async Task WaitAsync(CancellationToken cancellation)
    {
        Earn();
        while (_credit < 1)
        {
            TimeSpan pause = TimeSpan.FromMilliseconds(Math.Ceiling(1000 * (1 - _credit) / perSecond));
            await Task.Delay(pause, time, cancellation);
            Earn();
        }

        _credit--;
    }

    private void Earn()
    {
        long now = time.GetTimestamp();
        _credit = Math.Min(burst, _credit + (perSecond * time.GetElapsedTime(_seenAt, now).TotalSeconds));
        _seenAt = now;
    }
}
