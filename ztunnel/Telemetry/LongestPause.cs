namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// The longest that a garbage collection of any kind has stopped all threads lately: within the last one to two <see cref="Window"/>s. The
/// collector itself tells of each: an object that nobody holds is finalized after the next collection.
/// </summary>
internal sealed class LongestPause
{
    /// <summary>Long enough for a reader that comes every few seconds to miss none, short enough that the load of a mesh is not remembered for good.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _began;
    private TimeSpan _current;
    private TimeSpan _previous;

    public LongestPause(TimeProvider time)
    {
        _time = time;
        _began = time.GetTimestamp();
    }

    /// <summary>Watches the collector from now on, for the life of the process.</summary>
    public void Watch() => _ = new Sentinel(this);

    public TimeSpan Read()
    {
        lock (_lock)
        {
            Turn();
            return _current > _previous ? _current : _previous;
        }
    }

    public void Note(TimeSpan pause)
    {
        lock (_lock)
        {
            Turn();
            _current = pause > _current ? pause : _current;
        }
    }

    private void Turn()
    {
        TimeSpan since = _time.GetElapsedTime(_began);
        if (since < Window)
        {
            return;
        }

        _previous = since < 2 * Window ? _current : TimeSpan.Zero;
        _current = TimeSpan.Zero;
        _began = _time.GetTimestamp();
    }

    private void NoteLatest()
    {
        foreach (TimeSpan pause in GC.GetGCMemoryInfo(GCKind.Any).PauseDurations)
        {
            Note(pause);
        }
    }

    private sealed class Sentinel(LongestPause owner)
    {
        ~Sentinel()
        {
            owner.NoteLatest();
            owner.Watch();
        }
    }
}
