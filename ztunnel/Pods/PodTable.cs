using System.Collections.Concurrent;
using Ambient.Ztunnel.Certificates;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// The pods of the node and what follows from which they are: the gauges, and whose certificates are kept. Read from any thread, changed by one
/// at a time.
/// </summary>
internal sealed class PodTable
{
    private readonly ConcurrentDictionary<string, PodSlot> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string ServiceAccount), int> _identities = [];
    private readonly CertificateDemand _demand;
    private readonly PodMetrics _metrics;
    private int _active;

    /// <param name="demand">Told at once of an identity that comes into use or goes out of it.</param>
    /// <param name="metrics">Whose gauges follow the table.</param>
    /// <param name="alsoServed">Identities that are in use although no pod of the table has them.</param>
    public PodTable(CertificateDemand demand, PodMetrics metrics, IReadOnlyList<WorkloadInfo> alsoServed)
    {
        _demand = demand;
        _metrics = metrics;
        foreach (WorkloadInfo workload in alsoServed)
        {
            Take(IdentityOf(workload));
        }

        Serve();
    }

    public int Count => _slots.Count;

    /// <summary>Pods without a proxy.</summary>
    public int Pending => _slots.Count - Volatile.Read(ref _active);

    /// <summary>At this moment; the table may be changed meanwhile.</summary>
    public IReadOnlyList<PodSlot> Slots => [.. _slots.Values];

    public PodSlot? Find(string uid) => _slots.GetValueOrDefault(uid);

    /// <summary>Enters a pod, in the place of what was known under its uid.</summary>
    public void Put(PodSlot slot)
    {
        PodSlot? before = Find(slot.Uid);
        _slots[slot.Uid] = slot;
        Follow(before, slot);
    }

    /// <summary>Removes exactly this entry; a newer one of the same uid stays.</summary>
    public void Remove(PodSlot slot)
    {
        if (_slots.TryRemove(KeyValuePair.Create(slot.Uid, slot)))
        {
            Follow(slot, null);
        }
    }

    private static (string Namespace, string ServiceAccount) IdentityOf(WorkloadInfo workload) => (workload.Namespace, workload.ServiceAccount);

    private void Follow(PodSlot? before, PodSlot? after)
    {
        _active += (after?.Proxy is null ? 0 : 1) - (before?.Proxy is null ? 0 : 1);
        _metrics.Active.Add(_active - _metrics.Active.Value);
        _metrics.Pending.Add(Pending - _metrics.Pending.Value);

        // First the new one: an identity that both have is at no moment without a user.
        bool isChanged = after is not null && Take(IdentityOf(after.Workload));
        if (before is not null)
        {
            isChanged |= GiveBack(IdentityOf(before.Workload));
        }

        if (isChanged)
        {
            Serve();
        }
    }

    /// <returns>Whether this is its first user.</returns>
    private bool Take((string Namespace, string ServiceAccount) identity)
    {
        int users = _identities.GetValueOrDefault(identity);
        _identities[identity] = users + 1;
        return users == 0;
    }

    /// <returns>Whether that was its last user.</returns>
    private bool GiveBack((string Namespace, string ServiceAccount) identity)
    {
        int users = _identities[identity] - 1;
        if (users > 0)
        {
            _identities[identity] = users;
            return false;
        }

        _identities.Remove(identity);
        return true;
    }

    private void Serve() => _demand.Serve(_identities.Keys.ToHashSet());
}
