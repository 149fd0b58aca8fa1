using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Ambient.ApiServer.Storage;

/// <summary>All objects, one order of changes for all of them, and who watches.</summary>
public sealed class ObjectStorage(ObjectStorageLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ObjectCollection> _collections = new(StringComparer.Ordinal);
    private long _version = 1;
    private long _bytes;
    private int _watches;

    /// <summary>The version of the newest change.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    public StoredObject? Find(ServedKind kind, string @namespace, string name)
    {
        lock (_lock)
        {
            return Of(kind).Find(@namespace, name);
        }
    }

    /// <summary>All objects of a kind as they are now, in the order of namespace and name, and the version they are at.</summary>
    public (ImmutableSortedSet<StoredObject> Objects, long Version) List(ServedKind kind)
    {
        lock (_lock)
        {
            return (Of(kind).Objects, _version);
        }
    }

    /// <summary>
    /// Changes one object, or nothing. The change is decided under the lock, so that two that race see each other.
    /// </summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="namespace">"" for an object without a namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">Makes what is to be there from what is there (null: nothing); null removes it; the same content changes nothing.</param>
    /// <returns>What was there and what is there now.</returns>
    /// <exception cref="ApiException">The collection is full, or whatever the change throws: nothing has changed then.</exception>
    public StorageEvent Change(ServedKind kind, string @namespace, string name, Func<StoredObject?, JsonObject?> change)
    {
        lock (_lock)
        {
            ObjectCollection collection = Of(kind);
            StoredObject? before = collection.Find(@namespace, name);
            JsonObject? wanted = change(before);
            if (wanted is null && before is null)
            {
                return new StorageEvent(_version, null, null);
            }

            if (wanted is not null && before is not null && JsonNode.DeepEquals(wanted, before.Read()))
            {
                return new StorageEvent(before.Version, before, before);
            }

            if (before is null && collection.Objects.Count >= limits.MaxObjectsOfAKind)
            {
                throw ApiException.TooMany($"there are {limits.MaxObjectsOfAKind} {kind.Plural} already; this server holds no more");
            }

            long version = _version + 1;
            StoredObject? after = wanted is null ? null : StoredObject.Of(wanted, version);
            long bytes = _bytes + (after?.Json.Length ?? 0) - (before?.Json.Length ?? 0);
            if (bytes > limits.MaxBytes && bytes > _bytes)
            {
                throw ApiException.TooMany($"the objects have {limits.MaxBytes} bytes already; this server holds no more");
            }

            _version = version;
            _bytes = bytes;
            StorageEvent made = new(version, before, after) { Gone = after is null ? before?.At(version) : null };
            collection.Record(made);
            return made;
        }
    }

    /// <summary>Starts to tell the changes of a kind after a version, those that were made already first.</summary>
    /// <exception cref="ApiException">They are not remembered so far back (410): list again. There are too many watches (429).</exception>
    public ObjectWatch Watch(ServedKind kind, long afterVersion)
    {
        lock (_lock)
        {
            ObjectCollection collection = Of(kind);
            Require(collection, afterVersion);

            if (_watches >= limits.MaxWatches)
            {
                throw ApiException.TooMany($"there are {limits.MaxWatches} watches already; this server carries no more");
            }

            _watches++;
            Channel<StorageEvent> changes = Channel.CreateBounded<StorageEvent>(limits.MaxUnreadChanges + 1);
            IReadOnlyList<StorageEvent> missed = [.. collection.History.Where(change => change.Version > afterVersion)];
            collection.Add(changes);
            return new ObjectWatch(missed, changes.Reader, () => End(collection, changes));
        }
    }

    /// <summary>Refuses a version from which a list or a watch cannot go on.</summary>
    /// <exception cref="ApiException">410.</exception>
    public void RequireRemembered(ServedKind kind, long version)
    {
        lock (_lock)
        {
            Require(Of(kind), version);
        }
    }

    /// <summary>Forgets past changes of a kind, so that watches from an older version are refused with 410.</summary>
    public void Forget(ServedKind kind)
    {
        lock (_lock)
        {
            Of(kind).Forget();
        }
    }

    /// <summary>Ends every watch of a kind; their clients go on from the version that they have.</summary>
    public void EndWatches(ServedKind kind)
    {
        lock (_lock)
        {
            Of(kind).EndWatches();
        }
    }

    private void End(ObjectCollection collection, Channel<StorageEvent> changes)
    {
        lock (_lock)
        {
            collection.Remove(changes);
            _watches--;
        }
    }

    private static void Require(ObjectCollection collection, long version)
    {
        if (version < collection.Forgotten)
        {
            throw ApiException.Expired($"too old resource version: {version} ({collection.Forgotten})");
        }
    }

    private ObjectCollection Of(ServedKind kind)
    {
        if (!_collections.TryGetValue(kind.GroupResource, out ObjectCollection? collection))
        {
            collection = new ObjectCollection(limits.MaxHistory);
            _collections.Add(kind.GroupResource, collection);
        }

        return collection;
    }
}
