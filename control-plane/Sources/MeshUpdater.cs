using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Xds;

namespace Ambient.ControlPlane.Sources;

/// <summary>
/// The one writer of the mesh: takes what changed, has it translated, publishes what that leads to, and says what there is to say of objects.
/// Nothing is published before everything that is there was read: half a mesh would cut connections that the other half allows.
/// </summary>
public sealed class MeshUpdater(
    MeshTranslator translator,
    ResourceCache cache,
    IReadOnlyList<IUpdateListener> listeners,
    SourceMetrics sources,
    DiscoveryMetrics discovery,
    TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the whole mesh was published for the first time.</summary>
    public Task Published => _published.Task;

    /// <summary>Everything that is not honoured now. Waits for a batch that is worked on.</summary>
    public IReadOnlyList<Finding> ReadFindings()
    {
        lock (_lock)
        {
            return [.. translator.Findings];
        }
    }

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="queue">What changed.</param>
    /// <param name="synced">Done when everything that is there is in the queue.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(ChangeQueue queue, Task synced, CancellationToken cancellation)
    {
        await synced.WaitAsync(cancellation);
        Apply(queue.TakeNow());
        _published.TrySetResult();
        while (true)
        {
            Apply(await queue.TakeAsync(cancellation));
        }
    }

    private void Apply(ChangeBatch batch)
    {
        TranslationResult result;
        lock (_lock)
        {
            result = translator.Apply(batch.Changes);
        }

        (long addresses, long authorizations) = (cache.Addresses.Sequence, cache.Authorizations.Sequence);
        cache.Publish(result.Mesh);
        sources.Published(time.GetElapsedTime(batch.FirstAt));
        Time(XdsTypes.Address, cache.Addresses, addresses, batch.FirstAt);
        Time(XdsTypes.Authorization, cache.Authorizations, authorizations, batch.FirstAt);
        foreach (IUpdateListener listener in listeners)
        {
            listener.Updated(batch.Changes, result);
        }
    }

    private void Time(string typeUrl, ResourceLog log, long before, long firstAt)
    {
        if (log.Sequence > before)
        {
            discovery.Published(typeUrl, log.Sequence, firstAt);
        }
    }
}
