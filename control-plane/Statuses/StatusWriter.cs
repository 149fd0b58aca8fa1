using System.Collections.Immutable;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Statuses;

/// <summary>
/// Writes what is to be said of objects, in the one replica that leads: conditions by server-side apply, addresses of ServiceEntries, events
/// (control-plane-and-cni 5.12). One write at a time and at a pace; what fails waits and is decided anew when its time comes.
/// </summary>
public sealed class StatusWriter(KubernetesClient client, StatusBook book, PendingWrites pending, IStatusEvents events, TimeProvider time)
{
    private const double WritesPerSecond = 50;
    private const int WritesAtOnce = 100;
    private const string StatusPart = "status";

    private readonly WritePace _pace = new(WritesPerSecond, WritesAtOnce, time);

    /// <summary>Writes until it is cancelled: first everything that is not as it should be, then what changes.</summary>
    /// <param name="notes">What no condition says; asked once, at the beginning.</param>
    /// <param name="isLeader">Whether we still lead; asked before each write, because a timer may be late.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task LeadAsync(Func<IEnumerable<ObjectEvent>> notes, Func<bool> isLeader, CancellationToken cancellation)
    {
        pending.Open();
        try
        {
            book.AddAll();
            foreach (ObjectEvent note in notes())
            {
                pending.Add(new StatusWork.Note(note));
            }

            while (true)
            {
                StatusWork work = await pending.NextAsync(cancellation);
                await _pace.WaitAsync(cancellation);
                if (!isLeader())
                {
                    return;
                }

                await TryWriteAsync(work, cancellation);
            }
        }
        finally
        {
            pending.Close();
        }
    }

    private async Task TryWriteAsync(StatusWork work, CancellationToken cancellation)
    {
        try
        {
            if (await WriteAsync(work, cancellation))
            {
                events.Written(work);
            }

            pending.Done(work);
        }
        catch (KubernetesException error) when (error.IsNotFound && work is not StatusWork.Note)
        {
            book.Forget(work.Object);
            pending.Done(work);
        }
        catch (KubernetesException error)
        {
            events.Failed(work, error, pending.Retry(work));
        }
    }

    /// <returns>Whether there was something to write.</returns>
    private Task<bool> WriteAsync(StatusWork work, CancellationToken cancellation) => work switch
    {
        StatusWork.Conditions => WriteConditionsAsync(work.Object, cancellation),
        StatusWork.Addresses => WriteAddressesAsync(work.Object, cancellation),
        StatusWork.Note note => WriteEventAsync(note.What, cancellation),
        _ => throw new ArgumentException($"{work.GetType().Name} cannot be written", nameof(work)),
    };

    private async Task<bool> WriteConditionsAsync(ObjectKey key, CancellationToken cancellation)
    {
        IReadOnlyList<ConditionWrite> writes = book.DecideNow(key);
        foreach (ConditionWrite write in writes)
        {
            // By force: the names of these conditions are ours, whoever wrote them before.
            WriteOptions options = new() { FieldManager = write.Manager, Force = true, Subresource = StatusPart };
            await client.ApplyAsync(StatusTypes.Of(key.Kind), NameOf(key), StatusDocuments.Conditions(write.Conditions), options, cancellation);
            book.Wrote(key, write);
        }

        return writes.Count > 0;
    }

    private async Task<bool> WriteAddressesAsync(ObjectKey key, CancellationToken cancellation)
    {
        ImmutableArray<ServiceEntryAddress> addresses = book.AddressesOf(key);
        if (addresses.IsEmpty)
        {
            return false;
        }

        // A quarrel about the version fails the patch, and the next try reads again.
        ResourceType<UntypedObject> type = StatusTypes.Of(key.Kind);
        UntypedObject read = await client.GetAsync(type, NameOf(key), cancellation);
        KubernetesPatch patch = KubernetesPatch.Operations(StatusDocuments.Addresses(read, addresses));
        await client.PatchAsync(
            type, NameOf(key), patch, cancellation, new WriteOptions { FieldManager = FieldManagers.Addresses, Subresource = StatusPart });
        return true;
    }

    private async Task<bool> WriteEventAsync(ObjectEvent note, CancellationToken cancellation)
    {
        if (await client.FindAsync(StatusTypes.Of(note.Object.Kind), NameOf(note.Object), cancellation) is not { } about)
        {
            return false;
        }

        try
        {
            await client.CreateAsync(StatusTypes.Events, StatusDocuments.Event(note, about, time.GetUtcNow()), cancellation);
            return true;
        }
        catch (KubernetesException error) when (error.IsAlreadyExists)
        {
            return false;
        }
    }

    private static ObjectName NameOf(ObjectKey key) => new(key.Namespace, key.Name);
}
