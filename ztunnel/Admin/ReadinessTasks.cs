namespace Ambient.Ztunnel.Admin;

/// <summary>What start-up still waits for (node-proxy 9.7). A task may come back after it was cleared.</summary>
internal sealed class ReadinessTasks
{
    public const string StateTask = "state manager";
    public const string ProxyTask = "proxy";
    public const string DnsTask = "dns proxy";
    public const string WorkloadsTask = "workload proxy manager";

    private readonly Lock _lock = new();
    private readonly SortedSet<string> _pending = new(StringComparer.Ordinal);
    private volatile Func<IReadOnlyList<string>> _troubles = static () => [];

    public bool IsReady => Pending.Count == 0;

    /// <summary>What is waited for, sorted: the names of tasks, and what <see cref="Watch"/> reports.</summary>
    public IReadOnlyList<string> Pending
    {
        get
        {
            IReadOnlyList<string> troubles = _troubles();
            lock (_lock)
            {
                return troubles.Count == 0 ? [.. _pending] : [.. _pending.Concat(troubles).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Asks for troubles whenever readiness is read; each is a text of its own.</summary>
    public void Watch(Func<IReadOnlyList<string>> troubles) => _troubles = troubles;

    /// <summary>Marks a task as waited for, at first or again.</summary>
    public void Add(string task)
    {
        lock (_lock)
        {
            _pending.Add(task);
        }
    }

    public void Clear(string task)
    {
        lock (_lock)
        {
            _pending.Remove(task);
        }
    }
}
