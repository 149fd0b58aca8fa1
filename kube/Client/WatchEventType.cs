namespace Ambient.Kube.Client;

/// <summary>What happened to an object.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing: the resource version moved on.</summary>
    Bookmark,
}
