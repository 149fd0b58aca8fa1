namespace Ambient.ControlPlane.Distribution;

/// <summary>
/// All resources of one type in the order of their last change. What a reader lacks is everything behind its place, each resource once and
/// in its newest state: a slow reader costs nothing while it waits, and a change costs work in proportion to the change. Removals stay until
/// every reader has seen them, up to a limit.
/// </summary>
/// <param name="maxRemovals">Removals that are kept for readers who are slow; beyond it the slowest are left behind.</param>
public sealed class ResourceLog(int maxRemovals)
{
    private const int SmallestToCompact = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PublishedResource> _newest = new(StringComparer.Ordinal);
    private readonly HashSet<LogReader> _readers = [];
    private List<PublishedResource> _log = [];
    private int _superseded;
    private int _removals;
    private long _sequence;

    /// <summary>The place of the newest change.</summary>
    public long Sequence
    {
        get
        {
            lock (_lock)
            {
                return _sequence;
            }
        }
    }

    /// <summary>Resources that are there now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _newest.Count - _removals;
            }
        }
    }

    /// <summary>Publishes a batch: readers see all of it or nothing.</summary>
    /// <returns>What was really new, in the order of its publication: a resource that is the same as before is left out.</returns>
    public IReadOnlyList<PublishedResource> Publish(IReadOnlyList<(ResourceKey Key, EncodedResource? Content)> batch)
    {
        lock (_lock)
        {
            List<PublishedResource> published = new(batch.Count);
            foreach ((ResourceKey key, EncodedResource? content) in batch)
            {
                if (Append(key, content) is { } resource)
                {
                    published.Add(resource);
                }
            }

            if (_superseded > SmallestToCompact && _superseded > _log.Count / 2)
            {
                Compact();
            }

            LeaveTheSlowestBehind();
            return published;
        }
    }

    /// <summary>The resource of that name; null when there is none.</summary>
    public PublishedResource? Find(string name)
    {
        lock (_lock)
        {
            return _newest.GetValueOrDefault(name) is { Content: not null } resource ? resource : null;
        }
    }

    public LogReader Join()
    {
        LogReader reader = new();
        lock (_lock)
        {
            _readers.Add(reader);
        }

        return reader;
    }

    public void Leave(LogReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>What changed since the reader's last read, and moves the reader behind it. The first read gives everything that is there.</summary>
    public IReadOnlyList<PublishedResource> Read(LogReader reader)
    {
        lock (_lock)
        {
            // A new reader has nothing that could be removed.
            bool wantsRemovals = reader.Sequence > 0;
            List<PublishedResource> changes = [];
            for (int index = FirstAfter(reader.Sequence); index < _log.Count; index++)
            {
                PublishedResource resource = _log[index];
                if (!resource.IsSuperseded && (wantsRemovals || resource.Content is not null))
                {
                    changes.Add(resource);
                }
            }

            reader.Sequence = _sequence;
            return changes;
        }
    }

    /// <summary>Those of the names under which nothing is there any more.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> names)
    {
        lock (_lock)
        {
            return [.. names.Where(name => _newest.GetValueOrDefault(name)?.Content is null)];
        }
    }

    private PublishedResource? Append(ResourceKey key, EncodedResource? content)
    {
        _newest.TryGetValue(key.Name, out PublishedResource? before);
        if (content?.Version == before?.Content?.Version)
        {
            return null;
        }

        if (before is not null)
        {
            // A removal is superseded too: a node applies removals after resources and would lose what came back.
            before.IsSuperseded = true;
            _superseded++;
            _removals -= before.Content is null ? 1 : 0;
        }

        PublishedResource resource = new(key, ++_sequence, content);
        _log.Add(resource);
        _newest[key.Name] = resource;
        _removals += content is null ? 1 : 0;
        return resource;
    }

    private int FirstAfter(long sequence)
    {
        int low = 0;
        int high = _log.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_log[middle].Sequence <= sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Compact()
    {
        long seenByAll = _readers.Count == 0 ? _sequence : _readers.Min(reader => reader.Sequence);
        List<PublishedResource> kept = new(_newest.Count);
        foreach (PublishedResource resource in _log)
        {
            if (resource.IsSuperseded)
            {
                continue;
            }

            if (resource.Content is null && resource.Sequence <= seenByAll)
            {
                _newest.Remove(resource.Name);
                _removals--;
                continue;
            }

            kept.Add(resource);
        }

        _log = kept;
        _superseded = 0;
    }

    private void LeaveTheSlowestBehind()
    {
        if (_removals <= maxRemovals)
        {
            return;
        }

        Compact();
        while (_removals > maxRemovals && _readers.Count > 0)
        {
            long slowest = _readers.Min(reader => reader.Sequence);
            foreach (LogReader reader in _readers.Where(reader => reader.Sequence == slowest).ToArray())
            {
                reader.IsLeftBehind = true;
                _readers.Remove(reader);
            }

            Compact();
        }
    }
}
