namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// The counters of one label set. Bytes are counted by the connections themselves; a scrape adds the live counts to those
/// of the closed ones. The lock is taken when a connection opens or closes and when scraped, never per byte.
/// </summary>
internal sealed class TcpSeries(string labels)
{
    private readonly Lock _lock = new();
    private LiveEntry? _first;
    private long _opened;
    private long _closed;
    private long _failed;
    private long _closedToUpstream;
    private long _closedToDownstream;

    /// <summary>The text between the braces.</summary>
    public string Labels { get; } = labels;

    public LiveEntry Open(ITrafficReader traffic)
    {
        var entry = new LiveEntry(traffic);
        lock (_lock)
        {
            _opened++;
            entry.Next = _first;
            if (_first is not null)
            {
                _first.Previous = entry;
            }

            _first = entry;
        }

        return entry;
    }

    /// <summary>Moves the connection's bytes to the closed totals in one step, so that no scrape sees a counter fall.</summary>
    public void Close(LiveEntry entry)
    {
        lock (_lock)
        {
            if (entry.Previous is null)
            {
                _first = entry.Next;
            }
            else
            {
                entry.Previous.Next = entry.Next;
            }

            if (entry.Next is not null)
            {
                entry.Next.Previous = entry.Previous;
            }

            _closedToUpstream += entry.Traffic.ToUpstream;
            _closedToDownstream += entry.Traffic.ToDownstream;
        }
    }

    public void CountClosed(bool isFailed)
    {
        lock (_lock)
        {
            _closed++;
            _failed += isFailed ? 1 : 0;
        }
    }

    public TcpSample Sample()
    {
        lock (_lock)
        {
            long toUpstream = _closedToUpstream;
            long toDownstream = _closedToDownstream;
            for (LiveEntry? entry = _first; entry is not null; entry = entry.Next)
            {
                toUpstream += entry.Traffic.ToUpstream;
                toDownstream += entry.Traffic.ToDownstream;
            }

            return new TcpSample(_opened, _closed, _failed, toUpstream, toDownstream);
        }
    }

    /// <summary>One open connection's place in the list.</summary>
    internal sealed class LiveEntry(ITrafficReader traffic)
    {
        public ITrafficReader Traffic { get; } = traffic;

        public LiveEntry? Previous { get; set; }

        public LiveEntry? Next { get; set; }
    }
}
