namespace Ambient.ControlPlane.Distribution;

/// <summary>
/// A resource as it goes out: encoded once, sent to every node. A removal is one too, without content. Only <see cref="ResourceLog"/> changes
/// it, and only to say that a later one has taken its place.
/// </summary>
/// <param name="key">Its kind and name.</param>
/// <param name="sequence">Its place in the order of all changes of its type; larger is later.</param>
/// <param name="content">What it holds; null for a removal.</param>
public sealed class PublishedResource(ResourceKey key, long sequence, EncodedResource? content)
{
    public ResourceKey Key { get; } = key;

    public string Name => Key.Name;

    public long Sequence { get; } = sequence;

    /// <summary>null: the resource was removed.</summary>
    public EncodedResource? Content { get; } = content;

    /// <summary>Whether a later state of the same resource was published.</summary>
    internal bool IsSuperseded { get; set; }
}
