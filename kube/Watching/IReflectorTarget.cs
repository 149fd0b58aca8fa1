using Ambient.Kube.Resources;

namespace Ambient.Kube.Watching;

/// <summary>Takes what a reflector reads. All calls come one after another.</summary>
public interface IReflectorTarget<T>
    where T : class, IKubernetesObject
{
    /// <summary>A list begins; what it does not contain is gone, once it has ended. One that breaks off is followed by another beginning.</summary>
    void BeginList();

    void Listed(T value);

    /// <summary>The list is whole.</summary>
    /// <returns>How many objects there are.</returns>
    int EndList();

    /// <summary>An object is new or changed.</summary>
    void Changed(T value);

    /// <summary>An object is gone.</summary>
    void Deleted(T last);
}
