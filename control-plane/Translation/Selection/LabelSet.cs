using System.Collections.Immutable;

namespace Ambient.ControlPlane.Translation.Selection;

/// <summary>Labels in the order of their keys, compared by content: pods of one template have equal ones.</summary>
internal sealed class LabelSet : IEquatable<LabelSet>
{
    private readonly KeyValuePair<string, string>[] _pairs;
    private readonly int _hash;

    private LabelSet(KeyValuePair<string, string>[] pairs)
    {
        _pairs = pairs;
        HashCode hash = default;
        foreach ((string key, string value) in pairs)
        {
            hash.Add(key);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    public static LabelSet Empty { get; } = new([]);

    public ReadOnlySpan<KeyValuePair<string, string>> Pairs => _pairs;

    public bool IsEmpty => _pairs.Length == 0;

    public static LabelSet Of(ImmutableDictionary<string, string> labels)
    {
        if (labels.IsEmpty)
        {
            return Empty;
        }

        KeyValuePair<string, string>[] pairs = [.. labels];
        Array.Sort(pairs, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return new LabelSet(pairs);
    }

    public string? Find(string key)
    {
        foreach (KeyValuePair<string, string> pair in _pairs)
        {
            if (pair.Key == key)
            {
                return pair.Value;
            }
        }

        return null;
    }

    /// <summary>Whether every pair of the selector is among these.</summary>
    public bool IsSelectedBy(LabelSet selector)
    {
        foreach ((string key, string value) in selector._pairs)
        {
            if (Find(key) != value)
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(LabelSet? other) => ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && _pairs.AsSpan().SequenceEqual(other._pairs));

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode() => _hash;
}
