using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>One line of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object; as it was last where it was deleted; null in a bookmark.</param>
/// <param name="ResourceVersion">Where a watch goes on that continues after this event.</param>
public readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, string ResourceVersion)
    where T : class, IKubernetesObject;
