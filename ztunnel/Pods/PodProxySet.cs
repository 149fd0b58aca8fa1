using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// The proxies of all pods of the node. What is wanted is given whole; what is missing is started, what is gone is drained at once, what
/// could not start is tried again every 5 s (node-proxy 6.4).
/// </summary>
internal sealed class PodProxySet : IPodStateSource, IAsyncDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly PodProxyFactory _factory;
    private readonly PodMetrics _metrics;
    private readonly ReadinessTasks _readiness;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Timer _retry;
    private volatile IReadOnlyDictionary<string, PodSlot> _slots = new Dictionary<string, PodSlot>();
    private bool _isDraining;

    public PodProxySet(PodProxyFactory factory, PodMetrics metrics, ReadinessTasks readiness, ILogger logger)
    {
        _factory = factory;
        _metrics = metrics;
        _readiness = readiness;
        _logger = logger;
        _retry = new Timer(static set => _ = ((PodProxySet)set!).RetryAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IReadOnlyList<PodState> Snapshot() =>
    [
        .. _slots.Values.Select(slot => slot.Proxy is { } proxy
            ? proxy.Describe(slot.Uid, slot.Workload)
            : new PodState(slot.Uid, slot.Workload, IsUp: false, [], [])),
    ];

    /// <summary>Makes the running proxies those of <paramref name="wanted"/>.</summary>
    public Task ApplyAsync(IReadOnlyList<PodEntry> wanted) => ApplyAsync(() => wanted);

    private async Task ApplyAsync(Func<IReadOnlyList<PodEntry>> want)
    {
        await _changing.WaitAsync();
        try
        {
            if (_isDraining)
            {
                return;
            }

            IReadOnlyList<PodEntry> wanted = want();
            Dictionary<string, PodSlot> slots = new(StringComparer.Ordinal);
            foreach (PodEntry entry in wanted)
            {
                slots[entry.Uid] = await KeepOrStartAsync(entry);
            }

            IReadOnlyDictionary<string, PodSlot> before = _slots;
            _slots = slots;
            foreach (PodSlot gone in before.Values.Where(slot => !slots.ContainsKey(slot.Uid)))
            {
                await StopAsync(gone);
            }

            _factory.Credentials.ForgetAllBut(slots.Values.Select(slot => (slot.Workload.Namespace, slot.Workload.ServiceAccount)).ToHashSet());
            Report();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Dedicated mode: one proxy in the process's own namespace.</summary>
    /// <exception cref="StartException">Its listeners cannot be made; there is nothing else to serve.</exception>
    public void StartDedicated(WorkloadInfo workload)
    {
        string uid = workload.ToString();
        PodSlot slot = new(uid, workload, string.Empty) { Proxy = _factory.Start(workload, podNamespace: null) };
        _slots = new Dictionary<string, PodSlot> { [uid] = slot };
        Watch(slot);
        _metrics.Started.Add(1);
        Report();
    }

    /// <summary>Ends every proxy, all with one deadline (node-proxy 10.2).</summary>
    public async Task DrainAsync(TimeSpan deadline)
    {
        await _changing.WaitAsync();
        try
        {
            _isDraining = true;
            await Task.WhenAll(_slots.Values.Select(slot => slot.Proxy?.DrainAsync(deadline) ?? Task.FromResult(default(DrainOutcome))));
        }
        finally
        {
            _changing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _retry.DisposeAsync();
        _changing.Dispose();
    }

    /// <summary>What is wanted is read once it is this retry's turn: a change that came in between must not be undone.</summary>
    private Task RetryAsync() =>
        ApplyAsync(() => [.. _slots.Values.Select(slot => new PodEntry(slot.Uid, slot.Workload, slot.NamespacePath))]);

    /// <summary>The same sandbox keeps its proxy; another one under the same uid means that the old one is dead.</summary>
    private async ValueTask<PodSlot> KeepOrStartAsync(PodEntry entry)
    {
        PodSlot? running = _slots.GetValueOrDefault(entry.Uid);
        NetworkNamespace? podNamespace;
        try
        {
            podNamespace = entry.NetworkNamespacePath.Length == 0 ? null : NetworkNamespace.Open(entry.NetworkNamespacePath);
        }
        catch (IOException error)
        {
            await StopAsync(running);
            return Pending(entry, error.Message);
        }

        if (running?.Proxy is { } proxy && IsSame(proxy.Namespace, podNamespace) && running.Workload == entry.Workload)
        {
            podNamespace?.Dispose();
            return running;
        }

        await StopAsync(running);
        try
        {
            PodSlot started = new(entry.Uid, entry.Workload, entry.NetworkNamespacePath) { Proxy = _factory.Start(entry.Workload, podNamespace) };
            Watch(started);
            _metrics.Started.Add(1);
            PodsLog.Started(_logger, entry.Uid, entry.Workload.ToString());
            return started;
        }
        catch (StartException error)
        {
            podNamespace?.Dispose();
            return Pending(entry, error.Message);
        }
    }

    /// <summary>No namespace is the process's own one, as in dedicated mode.</summary>
    private static bool IsSame(NetworkNamespace? left, NetworkNamespace? right) =>
        left is null || right is null ? left == right : left.IsSameAs(right);

    private PodSlot Pending(PodEntry entry, string error)
    {
        PodsLog.Pending(_logger, entry.Uid, error);
        return new PodSlot(entry.Uid, entry.Workload, entry.NetworkNamespacePath);
    }

    private async Task StopAsync(PodSlot? slot)
    {
        if (slot?.Proxy is { } proxy)
        {
            await proxy.DrainAsync(TimeSpan.Zero);
            _metrics.Stopped.Add(1);
            PodsLog.Stopped(_logger, slot.Uid);
        }
    }

    private void Watch(PodSlot slot) => _ = WatchAsync(slot);

    /// <summary>A pod without one of its listeners is closed to somebody: it is stopped whole, and started again like any pending one.</summary>
    private async Task WatchAsync(PodSlot slot)
    {
        if (await slot.Proxy!.Listening is not { } failure)
        {
            return;
        }

        PodsLog.ListenerDied(_logger, slot.Uid, failure.Message);
        await _changing.WaitAsync();
        try
        {
            if (!_isDraining && ReferenceEquals(_slots.GetValueOrDefault(slot.Uid), slot))
            {
                await StopAsync(slot);
                _slots = new Dictionary<string, PodSlot>(_slots, StringComparer.Ordinal) { [slot.Uid] = slot with { Proxy = null } };
                Report();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private void Report()
    {
        int pending = _slots.Values.Count(slot => slot.Proxy is null);
        _metrics.Active.Add(_slots.Count - pending - _metrics.Active.Value);
        _metrics.Pending.Add(pending - _metrics.Pending.Value);
        if (pending == 0)
        {
            _readiness.Clear(ReadinessTasks.WorkloadsTask);
            return;
        }

        _readiness.Add(ReadinessTasks.WorkloadsTask);
        _retry.Change(RetryInterval, Timeout.InfiniteTimeSpan);
    }
}
