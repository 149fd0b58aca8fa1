namespace Ambient.Mesh.Collections;

/// <summary>Adds to and removes from the buckets of an index; an empty bucket leaves no key behind.</summary>
internal static class BucketIndex
{
    public static PersistentMap<TKey, Bucket<T>> Add<TKey, T>(
        this PersistentMap<TKey, Bucket<T>> map, TKey key, T item, object? owner)
        where TKey : notnull, IEquatable<TKey>
        where T : class =>
        map.Set(key, map.GetValueOrDefault(key).With(item), owner);

    public static PersistentMap<TKey, Bucket<T>> Drop<TKey, T>(
        this PersistentMap<TKey, Bucket<T>> map, TKey key, T item, object? owner)
        where TKey : notnull, IEquatable<TKey>
        where T : class
    {
        if (!map.TryGetValue(key, out Bucket<T> bucket))
        {
            return map;
        }

        Bucket<T> rest = bucket.Without(item);
        return rest.Count == 0 ? map.Remove(key, owner) : map.Set(key, rest, owner);
    }
}
