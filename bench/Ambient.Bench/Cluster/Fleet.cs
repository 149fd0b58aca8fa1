namespace Ambient.Bench.Cluster;

/// <summary>The nodes of a cluster, as far as their control plane sees them.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FleetNode[] _nodes;
    private readonly Task[] _running;

    /// <summary>Connects them, and again until the control plane is there.</summary>
    public Fleet(int nodes, Uri controlPlane)
    {
        _nodes = [.. Enumerable.Range(0, nodes).Select(node => new FleetNode(node, controlPlane, pod => Arrivals?.Arrived(pod, node)))];
        _running = [.. _nodes.Select(node => Task.Run(() => node.RunAsync(_stop.Token)))];
    }

    /// <summary>Where arrivals are noted; null: nowhere.</summary>
    public ArrivalTable? Arrivals { get; set; }

    /// <summary>The first node that has everything, and how much that is.</summary>
    /// <exception cref="InvalidOperationException">It did not come in time.</exception>
    public async Task<int> FirstLoadedAsync(TimeSpan patience) =>
        await await Bounded(Task.WhenAny(_nodes.Select(node => node.Loaded)), patience);

    /// <summary>All nodes have everything.</summary>
    /// <exception cref="InvalidOperationException">They did not get it in time, or not all the same.</exception>
    public async Task LoadedAsync(TimeSpan patience)
    {
        int[] counts = await Bounded(Task.WhenAll(_nodes.Select(node => node.Loaded)), patience);
        if (counts.Distinct().Count() != 1)
        {
            throw new InvalidOperationException($"nodes were first given between {counts.Min()} and {counts.Max()} resources");
        }
    }

    /// <summary>Throws when a stream broke.</summary>
    /// <exception cref="InvalidOperationException">One did.</exception>
    public void EnsureConnected()
    {
        if (_running.FirstOrDefault(node => node.IsCompleted) is { } ended)
        {
            throw new InvalidOperationException($"a node lost its stream: {ended.Exception?.GetBaseException().Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (FleetNode node in _nodes)
        {
            node.Dispose();
        }

        // What broke was said where it mattered.
        await Task.WhenAll(_running).ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private static async Task<T> Bounded<T>(Task<T> task, TimeSpan patience)
    {
        try
        {
            return await task.WaitAsync(patience);
        }
        catch (TimeoutException error)
        {
            throw new InvalidOperationException($"the first push did not arrive within {patience.TotalSeconds} s", error);
        }
    }
}
