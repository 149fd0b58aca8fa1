namespace Ambient.Certs.Scheduling;

/// <summary>
/// Who may fetch now: a bounded number at once, by priority and then by arrival. Waiting tickets can be raised, never lowered (node-proxy 5.5).
/// </summary>
internal sealed class FetchQueue(int maxConcurrent)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<FetchTicket> _waiting = new(ByTurn.Instance);
    private long _arrivals;
    private int _running;

    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes a place; the ticket is to be given back with <see cref="Leave"/>, used or not.</summary>
    public FetchTicket Enter(FetchPriority priority)
    {
        lock (_gate)
        {
            FetchTicket ticket = new(_arrivals++) { Priority = priority };
            if (_running < maxConcurrent)
            {
                _running++;
                ticket.Admit();
            }
            else
            {
                _waiting.Add(ticket);
            }

            return ticket;
        }
    }

    /// <summary>Does nothing once it is the ticket's turn.</summary>
    public void Raise(FetchTicket ticket, FetchPriority priority)
    {
        lock (_gate)
        {
            if (priority < ticket.Priority && _waiting.Remove(ticket))
            {
                ticket.Priority = priority;
                _waiting.Add(ticket);
            }
        }
    }

    public void Leave(FetchTicket ticket)
    {
        lock (_gate)
        {
            if (_waiting.Remove(ticket))
            {
                return;
            }

            if (_waiting.Min is { } next)
            {
                _waiting.Remove(next);
                next.Admit();
            }
            else
            {
                _running--;
            }
        }
    }

    private sealed class ByTurn : IComparer<FetchTicket>
    {
        public static ByTurn Instance { get; } = new();

        public int Compare(FetchTicket? x, FetchTicket? y) =>
            x!.Priority != y!.Priority ? x.Priority.CompareTo(y.Priority) : x.Sequence.CompareTo(y.Sequence);
    }
}
