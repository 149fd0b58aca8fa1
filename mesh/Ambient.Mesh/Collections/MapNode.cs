using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Ambient.Mesh.Collections;

/// <summary>
/// A node of <see cref="PersistentMap{TKey, TValue}"/>. Five bits of the hash choose among 32 places; a place holds one entry or one
/// child, found through two bitmaps. Below the last hash bit a node only lists entries whose hashes are equal. Except for the root,
/// a node never holds a single entry alone: removal moves such an entry up, so a map's shape depends on its content only.
/// </summary>
internal sealed class MapNode<TKey, TValue>
    where TKey : notnull, IEquatable<TKey>
{
    private const int BitsPerLevel = 5;
    private const int HashBits = 32;

    private readonly object? _owner;
    private uint _entryMap;
    private uint _childMap;

    private MapNode(object? owner, uint entryMap, uint childMap, MapEntry<TKey, TValue>[] entries, MapNode<TKey, TValue>[] children)
    {
        _owner = owner;
        _entryMap = entryMap;
        _childMap = childMap;
        Entries = entries;
        Children = children;
    }

    public MapEntry<TKey, TValue>[] Entries { get; private set; }

    public MapNode<TKey, TValue>[] Children { get; private set; }

    public static MapNode<TKey, TValue> Of(MapEntry<TKey, TValue> entry, int shift, object? owner) =>
        new(owner, shift < HashBits ? Bit(entry.Hash, shift) : 0, 0, [entry], []);

    public bool TryGetValue(TKey key, int hash, [MaybeNullWhen(false)] out TValue value)
    {
        MapNode<TKey, TValue> node = this;
        for (int shift = 0; shift < HashBits; shift += BitsPerLevel)
        {
            uint bit = Bit(hash, shift);
            if ((node._entryMap & bit) != 0)
            {
                ref readonly MapEntry<TKey, TValue> entry = ref node.Entries[Index(node._entryMap, bit)];
                bool found = entry.Hash == hash && entry.Key.Equals(key);
                value = found ? entry.Value : default;
                return found;
            }

            if ((node._childMap & bit) == 0)
            {
                value = default;
                return false;
            }

            node = node.Children[Index(node._childMap, bit)];
        }

        int index = node.IndexOfEqual(key);
        value = index >= 0 ? node.Entries[index].Value : default;
        return index >= 0;
    }

    public MapNode<TKey, TValue> Set(in MapEntry<TKey, TValue> entry, int shift, object? owner, out bool added)
    {
        if (shift >= HashBits)
        {
            return SetAmongEqualHashes(entry, owner, out added);
        }

        uint bit = Bit(entry.Hash, shift);
        if ((_entryMap & bit) != 0)
        {
            int index = Index(_entryMap, bit);
            MapEntry<TKey, TValue> present = Entries[index];
            if (present.Hash == entry.Hash && present.Key.Equals(entry.Key))
            {
                added = false;
                return WithEntryReplaced(index, entry, owner);
            }

            added = true;
            MapNode<TKey, TValue> child = Pair(present, entry, shift + BitsPerLevel, owner);
            return With(
                _entryMap & ~bit, _childMap | bit, Without(Entries, index), Inserted(Children, Index(_childMap, bit), child), owner);
        }

        if ((_childMap & bit) != 0)
        {
            int index = Index(_childMap, bit);
            MapNode<TKey, TValue> child = Children[index].Set(entry, shift + BitsPerLevel, owner, out added);
            return WithChildReplaced(index, child, owner);
        }

        added = true;
        return With(_entryMap | bit, _childMap, Inserted(Entries, Index(_entryMap, bit), entry), Children, owner);
    }

    /// <summary>Null when the last entry of the node was removed.</summary>
    public MapNode<TKey, TValue>? Remove(TKey key, int hash, int shift, object? owner, out bool removed)
    {
        if (shift >= HashBits)
        {
            return RemoveEntry(IndexOfEqual(key), 0, owner, out removed);
        }

        uint bit = Bit(hash, shift);
        if ((_entryMap & bit) != 0)
        {
            int index = Index(_entryMap, bit);
            bool same = Entries[index].Hash == hash && Entries[index].Key.Equals(key);
            return RemoveEntry(same ? index : -1, bit, owner, out removed);
        }

        if ((_childMap & bit) == 0)
        {
            removed = false;
            return this;
        }

        return RemoveBelow(key, hash, shift, owner, bit, out removed);
    }

    private MapNode<TKey, TValue>? RemoveEntry(int index, uint bit, object? owner, out bool removed)
    {
        removed = index >= 0;
        if (!removed)
        {
            return this;
        }

        return Entries.Length == 1 && Children.Length == 0
            ? null
            : With(_entryMap & ~bit, _childMap, Without(Entries, index), Children, owner);
    }

    private MapNode<TKey, TValue> RemoveBelow(TKey key, int hash, int shift, object? owner, uint bit, out bool removed)
    {
        int index = Index(_childMap, bit);
        MapNode<TKey, TValue>? child = Children[index].Remove(key, hash, shift + BitsPerLevel, owner, out removed);
        if (!removed)
        {
            return this;
        }

        if (child is null)
        {
            return With(_entryMap, _childMap & ~bit, Entries, Without(Children, index), owner);
        }

        if (child.Entries.Length == 1 && child.Children.Length == 0)
        {
            MapEntry<TKey, TValue>[] entries = Inserted(Entries, Index(_entryMap, bit), child.Entries[0]);
            return With(_entryMap | bit, _childMap & ~bit, entries, Without(Children, index), owner);
        }

        return WithChildReplaced(index, child, owner);
    }

    private MapNode<TKey, TValue> SetAmongEqualHashes(in MapEntry<TKey, TValue> entry, object? owner, out bool added)
    {
        int index = IndexOfEqual(entry.Key);
        added = index < 0;
        return added ? With(0, 0, Inserted(Entries, Entries.Length, entry), Children, owner) : WithEntryReplaced(index, entry, owner);
    }

    private int IndexOfEqual(TKey key)
    {
        for (int index = 0; index < Entries.Length; index++)
        {
            if (Entries[index].Key.Equals(key))
            {
                return index;
            }
        }

        return -1;
    }

    private static MapNode<TKey, TValue> Pair(
        in MapEntry<TKey, TValue> first, in MapEntry<TKey, TValue> second, int shift, object? owner)
    {
        if (shift >= HashBits)
        {
            return new MapNode<TKey, TValue>(owner, 0, 0, [first, second], []);
        }

        uint firstBit = Bit(first.Hash, shift);
        uint secondBit = Bit(second.Hash, shift);
        if (firstBit == secondBit)
        {
            return new MapNode<TKey, TValue>(owner, 0, firstBit, [], [Pair(first, second, shift + BitsPerLevel, owner)]);
        }

        MapEntry<TKey, TValue>[] entries = firstBit < secondBit ? [first, second] : [second, first];
        return new MapNode<TKey, TValue>(owner, firstBit | secondBit, 0, entries, []);
    }

    private MapNode<TKey, TValue> WithEntryReplaced(int index, in MapEntry<TKey, TValue> entry, object? owner)
    {
        if (IsOwnedBy(owner))
        {
            Entries[index] = entry;
            return this;
        }

        MapEntry<TKey, TValue>[] entries = [.. Entries];
        entries[index] = entry;
        return With(_entryMap, _childMap, entries, Children, owner);
    }

    private MapNode<TKey, TValue> WithChildReplaced(int index, MapNode<TKey, TValue> child, object? owner)
    {
        if (ReferenceEquals(Children[index], child))
        {
            return this;
        }

        if (IsOwnedBy(owner))
        {
            Children[index] = child;
            return this;
        }

        MapNode<TKey, TValue>[] children = [.. Children];
        children[index] = child;
        return With(_entryMap, _childMap, Entries, children, owner);
    }

    private MapNode<TKey, TValue> With(
        uint entryMap, uint childMap, MapEntry<TKey, TValue>[] entries, MapNode<TKey, TValue>[] children, object? owner)
    {
        if (!IsOwnedBy(owner))
        {
            return new MapNode<TKey, TValue>(owner, entryMap, childMap, Own(entries, Entries, owner), Own(children, Children, owner));
        }

        _entryMap = entryMap;
        _childMap = childMap;
        Entries = entries;
        Children = children;
        return this;
    }

    // A node made under an owner changes its arrays in place, so it must not share one with the node that it replaces.
    private static T[] Own<T>(T[] array, T[] replaced, object? owner) =>
        owner is not null && ReferenceEquals(array, replaced) ? [.. array] : array;

    private bool IsOwnedBy(object? owner) => owner is not null && ReferenceEquals(_owner, owner);

    private static uint Bit(int hash, int shift) => 1u << (int)(((uint)hash >> shift) & 31);

    private static int Index(uint map, uint bit) => BitOperations.PopCount(map & (bit - 1));

    private static T[] Inserted<T>(T[] source, int index, in T item)
    {
        T[] result = new T[source.Length + 1];
        source.AsSpan(0, index).CopyTo(result);
        result[index] = item;
        source.AsSpan(index).CopyTo(result.AsSpan(index + 1));
        return result;
    }

    private static T[] Without<T>(T[] source, int index)
    {
        if (source.Length == 1)
        {
            return [];
        }

        T[] result = new T[source.Length - 1];
        source.AsSpan(0, index).CopyTo(result);
        source.AsSpan(index + 1).CopyTo(result.AsSpan(index));
        return result;
    }
}
