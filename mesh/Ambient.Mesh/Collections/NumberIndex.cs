namespace Ambient.Mesh.Collections;

/// <summary>As <see cref="BucketIndex"/>, for buckets of numbers.</summary>
internal static class NumberIndex
{
    public static PersistentMap<TKey, NumberBucket> Add<TKey>(this PersistentMap<TKey, NumberBucket> map, TKey key, int number, object? owner)
        where TKey : notnull, IEquatable<TKey> =>
        map.Set(key, map.GetValueOrDefault(key).With(number), owner);

    public static PersistentMap<TKey, NumberBucket> Drop<TKey>(this PersistentMap<TKey, NumberBucket> map, TKey key, int number, object? owner)
        where TKey : notnull, IEquatable<TKey>
    {
        if (!map.TryGetValue(key, out NumberBucket bucket))
        {
            return map;
        }

        NumberBucket rest = bucket.Without(number);
        return rest.Count == 0 ? map.Remove(key, owner) : map.Set(key, rest, owner);
    }
}
