namespace Ambient.Mesh.Collections;

/// <summary>A key with its hash, so that splitting a node never hashes again.</summary>
internal readonly struct MapEntry<TKey, TValue>(int hash, TKey key, TValue value)
{
    public readonly int Hash = hash;
    public readonly TKey Key = key;
    public readonly TValue Value = value;
}
