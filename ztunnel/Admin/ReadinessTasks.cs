namespace Ambient.Ztunnel.Admin;

/// <summary>What start-up still waits for (node-proxy 9.7). A task may come back after it was cleared.</summary>
internal sealed class ReadinessTasks
{
    public const string StateTask = "state manager";
    public const string ProxyTask = "proxy";
    public const string WorkloadsTask = "workload proxy manager";

    private readonly Lock _lock = new();
    private readonly SortedSet<string> _pending = new(StringComparer.Ordinal);

    public bool IsReady
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count == 0;
            }
        }
    }

    /// <summary>The names of what is waited for, sorted.</summary>
    public IReadOnlyList<string> Pending
    {
        get
        {
            lock (_lock)
            {
                return [.. _pending];
            }
        }
    }

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
