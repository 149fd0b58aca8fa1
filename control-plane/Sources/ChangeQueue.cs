using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Sources;

/// <summary>
/// What changed in the cluster and was not worked on yet. Of several changes of one object the last counts, so that it never holds more than
/// the cluster has objects. Any number add, one takes.
/// </summary>
public sealed class ChangeQueue(DebounceTimes times, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Dictionary<ObjectKey, ObjectChange> _waiting = [];
    private TaskCompletionSource _arrival = NewArrival();
    private long _firstAt;
    private long _lastAt;

    /// <summary>Objects whose change waits.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public void Add(ObjectChange change)
    {
        lock (_lock)
        {
            _lastAt = time.GetTimestamp();
            if (_waiting.Count == 0)
            {
                _firstAt = _lastAt;
                _arrival.TrySetResult();
            }

            _waiting[change.Key] = change;
        }
    }

    /// <summary>Waits for a change, and then until it is quiet or the first has waited long enough.</summary>
    public async Task<ChangeBatch> TakeAsync(CancellationToken cancellation)
    {
        await Arrival().WaitAsync(cancellation);

        // Looked at when a pause ends, not at every change: a storm of them costs one timer for each pause.
        for (TimeSpan pause = Remaining(); pause > TimeSpan.Zero; pause = Remaining())
        {
            await Task.Delay(pause, time, cancellation);
        }

        return TakeNow();
    }

    /// <summary>What waits now; it may be nothing.</summary>
    public ChangeBatch TakeNow()
    {
        lock (_lock)
        {
            ChangeBatch batch = new([.. _waiting.Values], _waiting.Count == 0 ? time.GetTimestamp() : _firstAt);
            _waiting = [];
            if (_arrival.Task.IsCompleted)
            {
                _arrival = NewArrival();
            }

            return batch;
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Arrival()
    {
        lock (_lock)
        {
            return _arrival.Task;
        }
    }

    private TimeSpan Remaining()
    {
        lock (_lock)
        {
            TimeSpan untilQuiet = times.Quiet - time.GetElapsedTime(_lastAt);
            TimeSpan untilLongest = times.Longest - time.GetElapsedTime(_firstAt);
            TimeSpan pause = untilQuiet < untilLongest ? untilQuiet : untilLongest;

            // Timers count whole milliseconds and drop the rest: a shorter pause would be none.
            return TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds));
        }
    }
}
