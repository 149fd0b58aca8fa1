using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.ControlPlane.Sources;

/// <summary>
/// Puts what a watch reads into the queue. Translation keeps of an object what it needs; here no more than its name and version are kept, to
/// tell after another list what is gone and what is as before: a cluster's pods are held once.
/// </summary>
public sealed class ObjectFeed<T>(ObjectKind kind, ChangeQueue queue, IObjectObserver observer, SourceMetrics metrics) : IReflectorTarget<T>
    where T : class, IKubernetesObject
{
    private readonly Dictionary<ObjectName, Known> _known = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _list;

    /// <summary>Done when the first list is in the queue.</summary>
    public Task Synced => _synced.Task;

    public void BeginList() => _list++;

    public void Listed(T value) => Put(value);

    public int EndList()
    {
        foreach (ObjectName name in _known.Where(pair => pair.Value.List != _list).Select(pair => pair.Key).ToArray())
        {
            Remove(name);
        }

        _synced.TrySetResult();
        return _known.Count;
    }

    public void Changed(T value) => Put(value);

    public void Deleted(T last) => Remove(new ObjectName(last.Metadata.Namespace, last.Metadata.Name));

    private void Put(T value)
    {
        ObjectName name = new(value.Metadata.Namespace, value.Metadata.Name);
        string version = value.Metadata.ResourceVersion;
        bool isKnown = _known.TryGetValue(name, out Known before);
        _known[name] = new Known(version, _list);
        if (isKnown && version.Length > 0 && version == before.Version)
        {
            return;
        }

        metrics.Changed(kind, isKnown ? SourceMetrics.Update : SourceMetrics.Add);
        ObjectChange change = ObjectChange.Upsert(value);
        observer.Seen(change.Key, value);
        queue.Add(change);
    }

    private void Remove(ObjectName name)
    {
        if (!_known.Remove(name))
        {
            return;
        }

        metrics.Changed(kind, SourceMetrics.Delete);
        ObjectKey key = new(kind, name.Namespace, name.Name);
        observer.Gone(key);
        queue.Add(ObjectChange.Delete(key));
    }

    /// <param name="Version">Opaque; unique in the cluster, so that another object of the same name has another.</param>
    /// <param name="List">The last list that was under way when it was seen.</param>
    private readonly record struct Known(string Version, int List);
}
