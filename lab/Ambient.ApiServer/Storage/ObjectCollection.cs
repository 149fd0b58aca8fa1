using System.Collections.Immutable;
using System.Threading.Channels;

namespace Ambient.ApiServer.Storage;

/// <summary>
/// All objects of one kind, and its recent changes. Used under the lock of <see cref="ObjectStorage"/>; <see cref="Objects"/> is a snapshot
/// that costs nothing and can be searched, so that a page of a list neither copies nor scans the collection.
/// </summary>
internal sealed class ObjectCollection(int maxHistory)
{
    private readonly Queue<StorageEvent> _history = new();
    private readonly HashSet<Channel<StorageEvent>> _watches = [];

    /// <summary>In the order of namespace and name.</summary>
    public ImmutableSortedSet<StoredObject> Objects { get; private set; } = ImmutableSortedSet.Create<StoredObject>(PlaceComparer.Instance);

    /// <summary>The last change that is not remembered any more.</summary>
    public long Forgotten { get; private set; }

    public IEnumerable<StorageEvent> History => _history;

    public StoredObject? Find(string @namespace, string name) =>
        Objects.TryGetValue(StoredObject.Place(@namespace, name), out StoredObject? found) && found.Version > 0 ? found : null;

    public void Record(StorageEvent change)
    {
        ImmutableSortedSet<StoredObject> left = change.Before is { } before ? Objects.Remove(before) : Objects;
        Objects = change.After is { } after ? left.Add(after) : left;
        _history.Enqueue(change);
        while (_history.Count > maxHistory)
        {
            Forgotten = _history.Dequeue().Version;
        }

        foreach (Channel<StorageEvent> watch in _watches)
        {
            // A client that does not read: its watch ends, and it goes on from the version that it has.
            if (!watch.Writer.TryWrite(change))
            {
                watch.Writer.TryComplete();
            }
        }
    }

    public void Forget()
    {
        Forgotten = _history.Count == 0 ? Forgotten : _history.Last().Version;
        _history.Clear();
    }

    public void Add(Channel<StorageEvent> watch) => _watches.Add(watch);

    public void Remove(Channel<StorageEvent> watch) => _watches.Remove(watch);

    public void EndWatches()
    {
        foreach (Channel<StorageEvent> watch in _watches)
        {
            watch.Writer.TryComplete();
        }
    }
}
