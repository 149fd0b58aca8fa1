using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Ambient.Mesh.Collections;

/// <summary>
/// An immutable hash trie: a lookup visits about log32(n) small nodes, a change copies only those. A caller that makes many changes
/// passes the same owner object to each; nodes made under that owner are then changed in place. Once the owner object is dropped, the
/// map is immutable for good. Enumeration order is unspecified.
/// </summary>
internal sealed class PersistentMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull, IEquatable<TKey>
{
    private readonly MapNode<TKey, TValue>? _root;

    private PersistentMap(MapNode<TKey, TValue>? root, int count)
    {
        _root = root;
        Count = count;
    }

    public static PersistentMap<TKey, TValue> Empty { get; } = new(null, 0);

    public int Count { get; }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_root is null)
        {
            value = default;
            return false;
        }

        return _root.TryGetValue(key, key.GetHashCode(), out value);
    }

    public TValue? GetValueOrDefault(TKey key) => TryGetValue(key, out TValue? value) ? value : default;

    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    public PersistentMap<TKey, TValue> Set(TKey key, TValue value, object? owner = null)
    {
        MapEntry<TKey, TValue> entry = new(key.GetHashCode(), key, value);
        if (_root is null)
        {
            return new PersistentMap<TKey, TValue>(MapNode<TKey, TValue>.Of(entry, 0, owner), 1);
        }

        MapNode<TKey, TValue> root = _root.Set(entry, 0, owner, out bool added);
        return ReferenceEquals(root, _root) && !added ? this : new PersistentMap<TKey, TValue>(root, added ? Count + 1 : Count);
    }

    public PersistentMap<TKey, TValue> Remove(TKey key, object? owner = null)
    {
        if (_root is null)
        {
            return this;
        }

        MapNode<TKey, TValue>? root = _root.Remove(key, key.GetHashCode(), 0, owner, out bool removed);
        if (!removed)
        {
            return this;
        }

        return Count == 1 ? Empty : new PersistentMap<TKey, TValue>(root, Count - 1);
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        Stack<MapNode<TKey, TValue>> pending = new();
        if (_root is not null)
        {
            pending.Push(_root);
        }

        while (pending.TryPop(out MapNode<TKey, TValue>? node))
        {
            foreach (MapEntry<TKey, TValue> entry in node.Entries)
            {
                yield return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
            }

            foreach (MapNode<TKey, TValue> child in node.Children)
            {
                pending.Push(child);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
