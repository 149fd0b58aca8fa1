using Ambient.Kube.Resources;

namespace Ambient.Kube.Watching;

/// <summary>
/// Told of every change of a store, one after another and after the store has it. Must not block: the watch waits for it. A change that
/// came and went while the API server could not be reached is told as one.
/// </summary>
public interface IInformerHandler<T>
    where T : class, IKubernetesObject
{
    void Added(T current);

    void Updated(T previous, T current);

    void Deleted(T last);

    /// <summary>Everything that was there at the first list has been told. Once.</summary>
    void Synced();
}
