using System.Collections.Immutable;

namespace Ambient.Mesh.State;

/// <summary>
/// How many CIDR addresses there are of each prefix length. A lookup asks the index once per length that occurs, longest first;
/// a mesh uses a handful of lengths at most.
/// </summary>
internal sealed class PrefixLengths
{
    private readonly ImmutableSortedDictionary<int, int> _counts;

    private PrefixLengths(ImmutableSortedDictionary<int, int> counts)
    {
        _counts = counts;
        LongestFirst = [.. counts.Keys.Reverse()];
    }

    public static PrefixLengths None { get; } = new(ImmutableSortedDictionary<int, int>.Empty);

    public ImmutableArray<int> LongestFirst { get; }

    public bool IsEmpty => _counts.IsEmpty;

    public PrefixLengths With(int length) =>
        new(_counts.SetItem(length, _counts.GetValueOrDefault(length) + 1));

    public PrefixLengths Without(int length)
    {
        int count = _counts.GetValueOrDefault(length);
        return new PrefixLengths(count <= 1 ? _counts.Remove(length) : _counts.SetItem(length, count - 1));
    }
}
