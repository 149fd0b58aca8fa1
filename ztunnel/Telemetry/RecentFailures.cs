namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// The connections that failed last, so that the reason of a failure can be asked for without a log at hand. Loops write without a lock; each
/// entry takes the place of the one a hundred before it.
/// </summary>
internal sealed class RecentFailures
{
    public const int Capacity = 100;

    private readonly FailureEntry?[] _entries = new FailureEntry?[Capacity];
    private long _count;

    /// <summary>All since the program started, those that are no longer kept included.</summary>
    public long Total => Interlocked.Read(ref _count);

    /// <summary>Any thread. The entry is given its number here.</summary>
    public void Add(FailureEntry entry)
    {
        long number = Interlocked.Increment(ref _count);
        entry.Number = number;
        Volatile.Write(ref _entries[number % Capacity], entry);
    }

    /// <summary>Newest first, at most <see cref="Capacity"/>.</summary>
    public IReadOnlyList<FailureEntry> Snapshot()
    {
        List<FailureEntry> kept = new(Capacity);
        for (int i = 0; i < Capacity; i++)
        {
            if (Volatile.Read(ref _entries[i]) is { } entry)
            {
                kept.Add(entry);
            }
        }

        kept.Sort(static (left, right) => right.Number.CompareTo(left.Number));
        return kept;
    }
}
