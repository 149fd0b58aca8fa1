namespace Ambient.Ztunnel.Memory;

/// <summary>
/// When to collect without being asked: once there is enough to gain and allocation has come to rest, and so seldom that the pauses make at most
/// a hundredth of the time. A heap that is large for good, as with the state of a large mesh, is left to the collector's own judgement: going
/// through it takes long and finds little.
/// </summary>
internal sealed class TrimRule
{
    /// <summary>How often to ask.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Less is not worth a collection: 400 connections, or so.</summary>
    public const long WorthBytes = 3 * 1024 * 1024;

    /// <summary>What an interval may allocate and still count as rest: administration, single connections.</summary>
    public const long RestBytes = 128 * 1024;

    /// <summary>Part of the time that trims may take.</summary>
    public const int PauseShare = 100;

    private static readonly TimeSpan LeastPeriod = TimeSpan.FromSeconds(2);

    /// <summary>A trim must be able to give back this part of what stays alive.</summary>
    private const int LiveShare = 2;

    private long _seen;
    private long _trimmed;
    private long _worth = WorthBytes;
    private TimeSpan _notBefore;

    /// <param name="allocatedBytes">By the process so far.</param>
    /// <param name="now">On any clock that only goes forward.</param>
    public bool IsDue(long allocatedBytes, TimeSpan now)
    {
        bool isAtRest = allocatedBytes - _seen <= RestBytes;
        _seen = allocatedBytes;
        return isAtRest && allocatedBytes - _trimmed >= _worth && now >= _notBefore;
    }

    /// <param name="allocatedBytes">As given to <see cref="IsDue"/>.</param>
    /// <param name="liveBytes">What the trim left on the heap.</param>
    /// <param name="now">As given to <see cref="IsDue"/>.</param>
    /// <param name="took">The pause.</param>
    public void Trimmed(long allocatedBytes, long liveBytes, TimeSpan now, TimeSpan took)
    {
        _trimmed = allocatedBytes;
        _worth = Math.Max(WorthBytes, liveBytes / LiveShare);
        TimeSpan period = took * PauseShare;
        _notBefore = now + (period > LeastPeriod ? period : LeastPeriod);
    }
}
