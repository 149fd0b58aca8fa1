using System.Diagnostics;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Memory;

/// <summary>
/// Gives memory back after a burst. The collector works when memory is asked for; after a burst of connections nobody asks any more, and what
/// opening them left behind would stay until the next burst (docs/decisions/0006).
/// </summary>
internal sealed class IdleTrim : IDisposable
{
    /// <summary>
    /// Going through a heap takes about a millisecond a megabyte. One above this, as with the state of a large mesh, is collected beside the traffic:
    /// its pages stay, and no connection waits for it.
    /// </summary>
    private const long LargeHeapBytes = 64 * 1024 * 1024;

    private readonly TrimRule _rule = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public IdleTrim(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((IdleTrim)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookLater();
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan now = _time.GetElapsedTime(0);
        if (_rule.IsDue(allocated, now))
        {
            long started = Stopwatch.GetTimestamp();
            Collect();
            _rule.Trimmed(allocated, GC.GetTotalMemory(forceFullCollection: false), now, Stopwatch.GetElapsedTime(started));
        }

        LookLater();
    }

    private static void Collect()
    {
        if (GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes <= LargeHeapBytes)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        else
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: false, compacting: false);
        }

        NativeHeap.Trim();
    }

    // One at a time: a collection may take longer than the interval.
    private void LookLater() => _timer.Change(TrimRule.Interval, Timeout.InfiniteTimeSpan);
}
