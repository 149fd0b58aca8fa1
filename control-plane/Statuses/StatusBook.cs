using System.Collections.Immutable;
using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Services;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Statuses;

/// <summary>
/// What is to be said of each object and what each object carries, kept in every replica, so that whoever leads next knows both. Where they
/// differ, the object is put among the pending writes.
/// </summary>
public sealed class StatusBook(PendingWrites pending, TimeProvider time) : IUpdateListener, IObjectObserver
{
    /// <summary>
    /// An object that differs as it is read may be an older state than the one just written: it is looked at when the newer one had time to
    /// arrive. It also bounds a quarrel with another writer of the same condition.
    /// </summary>
    public static readonly TimeSpan DoubtPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, ImmutableArray<ReportedCondition>> _wanted = [];
    private readonly Dictionary<ObjectKey, ImmutableArray<Condition>> _carried = [];
    private Dictionary<ObjectKey, ImmutableArray<ServiceEntryAddress>> _addresses = [];

    public void Updated(IReadOnlyList<ObjectChange> batch, TranslationResult result)
    {
        lock (_lock)
        {
            foreach (ObjectChange gone in batch.Where(change => change.Object is null))
            {
                _wanted.Remove(gone.Key);
            }

            foreach (StatusChange change in result.Statuses.Where(change => FieldManagers.Owns(change.Object.Kind, change.Type)))
            {
                Want(change);
                pending.Add(new StatusWork.Conditions(change.Object));
            }

            _addresses = result.Allocations.ToDictionary(allocation => allocation.Entry, allocation => allocation.Addresses);
        }

        foreach (AddressAllocation allocation in result.Allocations)
        {
            pending.Add(new StatusWork.Addresses(allocation.Entry));
        }

        foreach (ObjectEvent note in result.Events)
        {
            pending.Add(new StatusWork.Note(note));
        }
    }

    /// <summary>An object as it was read.</summary>
    public void Seen(ObjectKey key, IKubernetesObject value)
    {
        if (FieldManagers.Of(key.Kind).Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            Carry(key, CarriedConditions.Of(key.Kind, value));
            if (Decide(key).Count > 0)
            {
                pending.Add(new StatusWork.Conditions(key), DoubtPeriod);
            }
        }
    }

    /// <summary>
    /// An object is gone. What is to be said of it stays until translation knows: another of the same name may be there before that, and
    /// then nothing changes for translation.
    /// </summary>
    public void Gone(ObjectKey key)
    {
        lock (_lock)
        {
            _carried.Remove(key);
        }
    }

    /// <summary>The API server does not know the object: nothing is to be said of it until it is translated again.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _wanted.Remove(key);
            _carried.Remove(key);
            _addresses.Remove(key);
        }
    }

    /// <summary>Puts everything that is not as it should be among the pending writes.</summary>
    public void AddAll()
    {
        lock (_lock)
        {
            foreach (ObjectKey key in _wanted.Keys.Union(_carried.Keys).Where(key => Decide(key).Count > 0))
            {
                pending.Add(new StatusWork.Conditions(key));
            }

            foreach (ObjectKey entry in _addresses.Keys)
            {
                pending.Add(new StatusWork.Addresses(entry));
            }
        }
    }

    /// <summary>What must be written of an object's conditions now.</summary>
    public IReadOnlyList<ConditionWrite> DecideNow(ObjectKey key)
    {
        lock (_lock)
        {
            return Decide(key);
        }
    }

    /// <summary>The addresses that a ServiceEntry still waits for; empty for none.</summary>
    public ImmutableArray<ServiceEntryAddress> AddressesOf(ObjectKey key)
    {
        lock (_lock)
        {
            return _addresses.GetValueOrDefault(key, []);
        }
    }

    /// <summary>A write went through: the object carries it, until it is read otherwise.</summary>
    public void Wrote(ObjectKey key, ConditionWrite write)
    {
        lock (_lock)
        {
            IReadOnlyList<string> written = FieldManagers.Of(key.Kind).First(manager => manager.Manager == write.Manager).Conditions;
            Carry(key, [.. _carried.GetValueOrDefault(key, []).Where(condition => !written.Contains(condition.Type)), .. write.Conditions]);
        }
    }

    private IReadOnlyList<ConditionWrite> Decide(ObjectKey key) => ConditionDecision.Decide(
        key.Kind, _wanted.GetValueOrDefault(key, []), _carried.GetValueOrDefault(key, []), time.GetUtcNow());

    private void Want(StatusChange change)
    {
        ImmutableArray<ReportedCondition> others =
            [.. _wanted.GetValueOrDefault(change.Object, []).Where(condition => condition.Type != change.Type)];
        ImmutableArray<ReportedCondition> now = change.Condition is { } condition ? others.Add(condition) : others;
        if (now.IsEmpty)
        {
            _wanted.Remove(change.Object);
        }
        else
        {
            _wanted[change.Object] = now;
        }
    }

    private void Carry(ObjectKey key, ImmutableArray<Condition> conditions)
    {
        if (conditions.IsEmpty)
        {
            _carried.Remove(key);
        }
        else
        {
            _carried[key] = conditions;
        }
    }
}
