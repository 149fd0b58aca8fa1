namespace Ambient.ControlPlane.Statuses;

/// <summary>
/// What waits to be written, each thing once and at its time. Closed, as in a replica that does not lead, it takes nothing: who leads next
/// looks at everything anyway.
/// </summary>
public sealed class PendingWrites(TimeProvider time)
{
    /// <summary>Things that may wait at once. More than there are objects to say something of in a large cluster.</summary>
    public const int MaxWaiting = 200_000;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<StatusWork, long> _due = [];
    private readonly Dictionary<StatusWork, int> _failures = [];
    private readonly PriorityQueue<StatusWork, long> _order = new();
    private TaskCompletionSource _arrival = NewArrival();
    private bool _isOpen;

    /// <summary>Things that were not taken because too many waited. An object that changes again is looked at again.</summary>
    public long Dropped { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
        }
    }

    /// <summary>Takes nothing any more, and forgets what waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isOpen = false;
            _due.Clear();
            _failures.Clear();
            _order.Clear();
        }
    }

    public void Add(StatusWork work) => Add(work, TimeSpan.Zero);

    /// <summary>Adds what is to be looked at in a while; what waits already is looked at at the earlier time.</summary>
    public void Add(StatusWork work, TimeSpan delay)
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                return;
            }

            long due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
            bool waits = _due.TryGetValue(work, out long earlier);
            if (waits && earlier <= due)
            {
                return;
            }

            if (!waits && _due.Count >= MaxWaiting)
            {
                Dropped++;
                return;
            }

            _due[work] = due;
            _order.Enqueue(work, due);
            _arrival.TrySetResult();
        }
    }

    /// <summary>It could not be written: it waits again, twice as long as the last time.</summary>
    /// <returns>For how long.</returns>
    public TimeSpan Retry(StatusWork work)
    {
        TimeSpan delay;
        lock (_lock)
        {
            int failures = _failures.GetValueOrDefault(work);
            _failures[work] = failures + 1;
            delay = FirstRetry * Math.Pow(2, Math.Min(failures, 16)) * (1 + (0.2 * Random.Shared.NextDouble()));
            delay = delay < LongestRetry ? delay : LongestRetry;
        }

        Add(work, delay);
        return delay;
    }

    /// <summary>It is written, or there is nothing to write: the next failure is its first.</summary>
    public void Done(StatusWork work)
    {
        lock (_lock)
        {
            _failures.Remove(work);
        }
    }

    /// <summary>Waits for the next thing whose time has come.</summary>
    public async Task<StatusWork> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            (StatusWork? ready, TimeSpan? pause, Task arrival) = Look();
            if (ready is not null)
            {
                return ready;
            }

            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(arrival, Task.Delay(pause ?? Timeout.InfiniteTimeSpan, time, over.Token));
            await over.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (StatusWork? Ready, TimeSpan? Pause, Task Arrival) Look()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            while (_order.TryPeek(out StatusWork? work, out long due))
            {
                // What was moved to an earlier time is in the order twice.
                if (!_due.TryGetValue(work, out long current) || current != due)
                {
                    _order.Dequeue();
                    continue;
                }

                if (due <= now)
                {
                    _order.Dequeue();
                    _due.Remove(work);
                    return (work, null, Task.CompletedTask);
                }

                break;
            }

            if (_arrival.Task.IsCompleted)
            {
                _arrival = NewArrival();
            }

            // Timers count whole milliseconds and drop the rest: a shorter pause would be none.
            TimeSpan? pause = _order.TryPeek(out _, out long next)
                ? TimeSpan.FromMilliseconds(Math.Ceiling(time.GetElapsedTime(now, next).TotalMilliseconds))
                : null;
            return (null, pause, _arrival.Task);
        }
    }
}
