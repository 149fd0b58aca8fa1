namespace Ambient.Transport.Loops;

/// <summary>
/// First in, first out, from any thread to one loop. The lock is held for an append or a swap of two lists; connections in
/// steady state never come here.
/// </summary>
internal sealed class Mailbox(Action wake)
{
    private readonly Lock _lock = new();
    private List<LoopCallback> _incoming = [];
    private List<LoopCallback> _running = [];
    private bool _isClosed;

    internal bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _incoming.Count == 0;
            }
        }
    }

    /// <param name="item">What to run.</param>
    /// <param name="fromLoop">The loop itself looks here before it sleeps and needs no waking.</param>
    internal void Add(LoopCallback item, bool fromLoop)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _incoming.Add(item);
            if (_incoming.Count == 1 && !fromLoop)
            {
                // Under the lock: after Close the descriptor behind it may already belong to somebody else.
                wake();
            }
        }
    }

    /// <summary>Loop thread. Everything added so far; valid until the next call.</summary>
    internal List<LoopCallback> TakeAll()
    {
        _running.Clear();
        lock (_lock)
        {
            (_incoming, _running) = (_running, _incoming);
        }

        return _running;
    }

    /// <summary>Later posts are dropped: their loop no longer runs.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }
}
