using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.ControlPlane.Sources;

/// <summary>Puts into the queue what is read of a kind that may come and go. Of such kinds there are few objects: a store holds them.</summary>
public sealed class ServedFeed<T>(ChangeQueue queue, IObjectObserver observer, SourceMetrics metrics) : IInformerHandler<T>
    where T : class, IKubernetesObject
{
    public void Added(T current) => Put(current, SourceMetrics.Add);

    public void Updated(T previous, T current) => Put(current, SourceMetrics.Update);

    public void Deleted(T last)
    {
        ObjectKey key = ObjectChange.Upsert(last).Key;
        metrics.Changed(key.Kind, SourceMetrics.Delete);
        observer.Gone(key);
        queue.Add(ObjectChange.Delete(key));
    }

    public void Synced()
    {
    }

    private void Put(T value, string what)
    {
        ObjectChange change = ObjectChange.Upsert(value);
        metrics.Changed(change.Key.Kind, what);
        observer.Seen(change.Key, value);
        queue.Add(change);
    }
}
