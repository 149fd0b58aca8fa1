using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.State;

/// <summary>
/// Holds the current snapshot. Reading is one volatile read; replacements happen one after the other. A snapshot is never changed,
/// so a reader works on the one that it took for as long as it likes.
/// </summary>
public sealed class MeshStore
{
    private readonly TimeProvider _time;
    private readonly Lock _replacing = new();
    private readonly LocalWorkloadWaiters _waiters = new();
    private volatile MeshSnapshot _current;

    public MeshStore(TimeProvider time, MeshSnapshot? initial = null)
    {
        _time = time;
        _current = initial ?? MeshSnapshot.Empty;
    }

    /// <summary>
    /// Raised after every replacement, in order, on the replacing thread. Handlers must be quick, must not throw and must not replace
    /// the snapshot themselves.
    /// </summary>
    public event Action<MeshChange>? Changed;

    public MeshSnapshot Current => _current;

    public void Replace(MeshSnapshot snapshot)
    {
        lock (_replacing)
        {
            Publish(snapshot);
        }
    }

    /// <summary>Applies a batch of changes to the current snapshot as one replacement.</summary>
    public void Update(Action<MeshSnapshotBuilder> changes)
    {
        lock (_replacing)
        {
            MeshSnapshotBuilder builder = _current.ToBuilder();
            changes(builder);
            Publish(builder.Build());
        }
    }

    /// <summary>
    /// The workload that a proxy serves, as soon as it is known; null when the time is over first. Completes at once, without an
    /// allocation, when it is known already.
    /// </summary>
    public ValueTask<Workload?> WaitForLocalWorkloadAsync(
        string name, string @namespace, string serviceAccount, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        LocalWorkloadKey key = new(@namespace, serviceAccount, name);
        return _current.FindLocalWorkload(key) is { } workload
            ? new ValueTask<Workload?>(workload)
            : new ValueTask<Workload?>(WaitAsync(key, timeout, cancellationToken));
    }

    private async Task<Workload?> WaitAsync(LocalWorkloadKey key, TimeSpan timeout, CancellationToken cancellationToken)
    {
        LocalWorkloadWaiter waiter = new(key);
        _waiters.Add(waiter);
        try
        {
            // A snapshot may have come between the first look and the registration.
            waiter.Offer(_current);
            await using ITimer timer = _time.CreateTimer(
                static state => ((LocalWorkloadWaiter)state!).GiveUp(), waiter, timeout, Timeout.InfiniteTimeSpan);
            await using CancellationTokenRegistration registration = cancellationToken.Register(
                static (state, token) => ((LocalWorkloadWaiter)state!).Cancel(token), waiter);
            return await waiter.Found;
        }
        finally
        {
            _waiters.Remove(waiter);
        }
    }

    private void Publish(MeshSnapshot snapshot)
    {
        MeshChange change = new(_current, snapshot);
        _current = snapshot;
        _waiters.OfferAll(snapshot);
        Changed?.Invoke(change);
    }
}
