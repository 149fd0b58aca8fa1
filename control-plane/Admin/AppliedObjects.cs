using System.Collections.Concurrent;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Admin;

/// <summary>
/// Remembers, of every object that people write, where in the order of changes its last state went out: also for those that have no resource
/// of their own, such as a namespace's label. Pods, endpoint slices and nodes are too many and are found by their resources.
/// </summary>
/// <param name="cache">Where what they lead to is published.</param>
public sealed class AppliedObjects(ResourceCache cache) : IUpdateListener
{
    private readonly ConcurrentDictionary<ObjectKey, AppliedObject> _objects = new();

    /// <summary>Notes a batch; to be called after its change was published, by whoever publishes.</summary>
    /// <param name="batch">What was translated.</param>
    /// <param name="change">What it led to.</param>
    public void Note(IReadOnlyList<ObjectChange> batch, MeshChange change)
    {
        bool hasAuthorizations = Keys(change).Any(key => key.Kind == ResourceKind.Authorization);
        bool hasAddresses = Keys(change).Any(key => key.Kind != ResourceKind.Authorization);
        long addresses = hasAddresses ? cache.Addresses.Sequence : 0;
        long authorizations = hasAuthorizations ? cache.Authorizations.Sequence : 0;
        foreach (ObjectChange item in batch)
        {
            if (item.Key.Kind is ObjectKind.Pod or ObjectKind.EndpointSlice or ObjectKind.Node)
            {
                continue;
            }

            if (item.Object is null)
            {
                _objects.TryRemove(item.Key, out _);
                continue;
            }

            // A batch that changed nothing of a type takes nothing back of what an earlier one did.
            AppliedObject? before = _objects.GetValueOrDefault(item.Key);
            _objects[item.Key] = new AppliedObject(
                item.Object.Metadata.Generation,
                Math.Max(addresses, before?.Addresses ?? 0),
                Math.Max(authorizations, before?.Authorizations ?? 0));
        }
    }

    void IUpdateListener.Updated(IReadOnlyList<ObjectChange> batch, TranslationResult result) => Note(batch, result.Mesh);

    /// <summary>Null when the object is not there, was not translated yet, or is of a kind that is not noted.</summary>
    public AppliedObject? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    private static IEnumerable<ResourceKey> Keys(MeshChange change) => change.Changed.Select(resource => resource.Key).Concat(change.Removed);
}
