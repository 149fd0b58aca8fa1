using System.Diagnostics.CodeAnalysis;

namespace Ambient.Xds.Protocol;

/// <summary>Names and when something was last said of them: a bounded number, the latest ones.</summary>
internal sealed class RecentNames
{
    public const int MaxNames = 10_000;

    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _oldestFirst = new();

    /// <summary>The time stamp of a name; null when it is not here, or no longer.</summary>
    public long? Find(string name) => _entries.GetValueOrDefault(name)?.Value.Since;

    public bool Remove(string name)
    {
        if (!_entries.Remove(name, out LinkedListNode<Entry>? node))
        {
            return false;
        }

        _oldestFirst.Remove(node);
        return true;
    }

    /// <summary>Adds a name, or renews it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="since">Its time stamp.</param>
    /// <param name="dropped">The oldest name, when it had to make room.</param>
    /// <returns>Whether it had.</returns>
    public bool Add(string name, long since, [NotNullWhen(true)] out string? dropped)
    {
        Remove(name);
        _entries.Add(name, _oldestFirst.AddLast(new Entry(name, since)));
        dropped = _entries.Count > MaxNames ? _oldestFirst.First!.Value.Name : null;
        return dropped is not null && Remove(dropped);
    }

    private readonly record struct Entry(string Name, long Since);
}
