namespace Ambient.Mesh.State;

/// <summary>The waiters of a store. Bounded by the connections that wait, each for a few seconds.</summary>
internal sealed class LocalWorkloadWaiters
{
    private readonly Lock _lock = new();
    private readonly HashSet<LocalWorkloadWaiter> _waiters = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    public void Add(LocalWorkloadWaiter waiter)
    {
        lock (_lock)
        {
            _waiters.Add(waiter);
        }
    }

    public void Remove(LocalWorkloadWaiter waiter)
    {
        lock (_lock)
        {
            _waiters.Remove(waiter);
        }
    }

    public void OfferAll(MeshSnapshot snapshot)
    {
        lock (_lock)
        {
            foreach (LocalWorkloadWaiter waiter in _waiters)
            {
                waiter.Offer(snapshot);
            }
        }
    }
}
