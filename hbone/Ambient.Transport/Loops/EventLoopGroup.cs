namespace Ambient.Transport.Loops;

/// <summary>The loops of a process.</summary>
public sealed class EventLoopGroup : IAsyncDisposable
{
    private readonly EventLoop[] _loops;
    private uint _next;

    public EventLoopGroup(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _loops = new EventLoop[count];
        for (int index = 0; index < count; index++)
        {
            _loops[index] = new EventLoop(index);
        }
    }

    public IReadOnlyList<EventLoop> Loops => _loops;

    /// <summary>Any thread. The loop with the fewest sockets; equals take turns.</summary>
    public EventLoop PickLeastBusy()
    {
        int first = (int)(Interlocked.Increment(ref _next) % (uint)_loops.Length);
        EventLoop best = _loops[first];
        int bestLoad = best.Load;
        for (int i = 1; i < _loops.Length; i++)
        {
            EventLoop candidate = _loops[(first + i) % _loops.Length];
            int load = candidate.Load;
            if (load < bestLoad)
            {
                best = candidate;
                bestLoad = load;
            }
        }

        return best;
    }

    /// <summary>Stops every loop and closes every socket on it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Stop();
        }

        foreach (EventLoop loop in _loops)
        {
            await loop.Stopped;
        }
    }
}
