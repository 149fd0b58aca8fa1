using System.Threading.Channels;

namespace Ambient.ApiServer.Storage;

/// <summary>All objects of one kind, and its recent changes. Used under the lock of <see cref="ObjectStorage"/>.</summary>
internal sealed class ObjectCollection(int maxHistory)
{
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly Queue<StorageEvent> _history = new();
    private readonly HashSet<Channel<StorageEvent>> _watches = [];

    public int Count => _objects.Count;

    /// <summary>In the order of namespace and name.</summary>
    public IEnumerable<StoredObject> Objects => _objects.Values;

    /// <summary>The last change that is not remembered any more.</summary>
    public long Forgotten { get; private set; }

    public IEnumerable<StorageEvent> History => _history;

    public static string Key(string @namespace, string name) => $"{@namespace}/{name}";

    public StoredObject? Find(string @namespace, string name) => _objects.GetValueOrDefault(Key(@namespace, name));

    public void Record(StorageEvent change)
    {
        StoredObject subject = (change.After ?? change.Before)!;
        string key = Key(subject.Namespace, subject.Name);
        if (change.After is { } after)
        {
            _objects[key] = after;
        }
        else
        {
            _objects.Remove(key);
        }

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
