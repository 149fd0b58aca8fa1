using System.Collections.Concurrent;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// The proxies of all pods of the node. A pod that goes is drained at once; one that could not start is pending, and tried again every 5 s
/// (node-proxy 6.4). Changes happen one at a time.
/// </summary>
internal sealed class PodProxySet : IPodStateSource, IAsyncDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly PodProxyFactory _factory;
    private readonly PodMetrics _metrics;
    private readonly PodReadiness _readiness;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, PodSlot> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly ITimer _retry;
    private bool _isDraining;

    public PodProxySet(PodProxyFactory factory, PodMetrics metrics, ReadinessTasks readiness, ILogger logger, TimeProvider time)
    {
        _factory = factory;
        _metrics = metrics;
        _readiness = new PodReadiness(readiness);
        _logger = logger;
        _retry = time.CreateTimer(static set => _ = ((PodProxySet)set!).RetryAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Identities that are in use although no pod of the set has them.</summary>
    public IReadOnlyList<WorkloadInfo> AlsoServed { get; init; } = [];

    public IReadOnlyList<PodState> Snapshot() =>
    [
        .. _slots.Values.Select(slot => slot.Proxy is { } proxy
            ? proxy.Describe(slot.Uid, slot.Workload)
            : new PodState(slot.Uid, slot.Workload, IsUp: false, [], [])),
    ];

    /// <summary>Starts a pod's proxy. The same pod in the same sandbox is there already; in another one, the old sandbox is dead.</summary>
    /// <param name="sandbox">Taken over.</param>
    /// <returns>Why the pod is pending now; null when its proxy is up.</returns>
    public async Task<string?> AddAsync(string uid, WorkloadInfo workload, PodSandbox sandbox)
    {
        string? error = "the proxy is stopping";
        bool isTaken = await ChangeAsync(async () => error = await AddOneAsync(uid, workload, sandbox));
        if (!isTaken)
        {
            sandbox.Dispose();
        }

        return error;
    }

    /// <summary>Ends a pod's proxy at once: its application is gone (node-proxy 10.4).</summary>
    public Task RemoveAsync(string uid) => ChangeAsync(() => RemoveWhereAsync(slot => slot.Uid == uid));

    /// <summary>No more tries for a pod that has no proxy; one that runs stays.</summary>
    public Task RemovePendingAsync(string uid) => ChangeAsync(() => RemoveWhereAsync(slot => slot.Proxy is null && slot.Uid == uid));

    public bool IsRunning(string uid) => _slots.TryGetValue(uid, out PodSlot? slot) && slot.Proxy is not null;

    /// <summary>A new list of pods begins: what runs stays, what is pending must be told again.</summary>
    public Task BeginListAsync() => ChangeAsync(() =>
    {
        _readiness.IsComplete = false;
        return RemoveWhereAsync(slot => slot.Proxy is null);
    });

    /// <summary>The list is complete: what runs and was not told is gone.</summary>
    public Task EndListAsync(IReadOnlySet<string> told) => ChangeAsync(() =>
    {
        _readiness.IsComplete = true;
        return RemoveWhereAsync(slot => slot.Proxy is not null && !told.Contains(slot.Uid));
    });

    /// <summary>Whoever tells of pods cannot be reached: what runs stays, but the node is not ready.</summary>
    public void LoseSource() => _readiness.IsComplete = false;

    public void UpdateReadiness() => _readiness.Update(CountPending());

    /// <summary>Makes the pods exactly those of <paramref name="wanted"/>.</summary>
    public Task ApplyAsync(IReadOnlyList<PodEntry> wanted) => ChangeAsync(async () =>
    {
        foreach (PodEntry entry in wanted)
        {
            await AddOneAsync(entry.Uid, entry.Workload, PodSandbox.At(entry.NetworkNamespacePath));
        }

        HashSet<string> uids = wanted.Select(entry => entry.Uid).ToHashSet(StringComparer.Ordinal);
        await RemoveWhereAsync(slot => !uids.Contains(slot.Uid));
        _readiness.IsComplete = true;
        UpdateReadiness();
    });

    /// <summary>Dedicated mode: one proxy in the process's own namespace.</summary>
    /// <exception cref="StartException">Its listeners cannot be made; there is nothing else to serve.</exception>
    public void StartDedicated(WorkloadInfo workload)
    {
        Start(workload.ToString(), workload, podNamespace: null);
        _readiness.IsComplete = true;
        Count();
        UpdateReadiness();
    }

    /// <summary>Ends every proxy, all with one deadline (node-proxy 10.2).</summary>
    public Task DrainAsync(TimeSpan deadline) => ChangeAsync(async () =>
    {
        _isDraining = true;
        await Task.WhenAll(_slots.Values.Select(slot => slot.Proxy?.DrainAsync(deadline) ?? Task.FromResult(default(DrainOutcome))));
    });

    public async ValueTask DisposeAsync()
    {
        await _retry.DisposeAsync();
        foreach (PodSlot slot in _slots.Values)
        {
            slot.Pending?.Dispose();
        }

        _changing.Dispose();
    }

    /// <returns>False when the set is draining, and nothing was done.</returns>
    private async Task<bool> ChangeAsync(Func<Task> change)
    {
        await _changing.WaitAsync();
        try
        {
            if (_isDraining)
            {
                return false;
            }

            await change();
            Count();
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<string?> AddOneAsync(string uid, WorkloadInfo workload, PodSandbox sandbox)
    {
        PodSlot? before = _slots.GetValueOrDefault(uid);
        if (before is null && _slots.Count >= PodList.MaxPods)
        {
            sandbox.Dispose();
            return StartError($"more than {PodList.MaxPods} pods");
        }

        NetworkNamespace? podNamespace;
        try
        {
            podNamespace = sandbox.Open();
        }
        catch (IOException error)
        {
            await StopAsync(before);
            return SetPending(uid, workload, sandbox, StartError(error.Message));
        }

        if (before?.Proxy is { } proxy && IsSame(proxy.Namespace, podNamespace) && before.Workload == workload)
        {
            podNamespace?.Dispose();
            sandbox.Dispose();
            return null;
        }

        await StopAsync(before);
        return TryStart(uid, workload, sandbox, podNamespace);
    }

    /// <summary>No namespace is the process's own one, as in dedicated mode.</summary>
    private static bool IsSame(NetworkNamespace? left, NetworkNamespace? right) =>
        left is null || right is null ? left == right : left.IsSameAs(right);

    private static string StartError(string reason) => $"failure to start proxy : {reason}";

    private string? TryStart(string uid, WorkloadInfo workload, PodSandbox sandbox, NetworkNamespace? podNamespace)
    {
        try
        {
            Start(uid, workload, podNamespace);
            sandbox.Dispose();
            return null;
        }
        catch (StartException error)
        {
            podNamespace?.Dispose();
            return SetPending(uid, workload, sandbox, error.Message);
        }
    }

    private void Start(string uid, WorkloadInfo workload, NetworkNamespace? podNamespace)
    {
        PodSlot started = new(uid, workload) { Proxy = _factory.Start(workload, podNamespace) };
        _slots[uid] = started;
        _metrics.Started.Add(1);
        PodsLog.Started(_logger, uid, workload.ToString());
        _ = WatchAsync(started);
    }

    private string SetPending(string uid, WorkloadInfo workload, PodSandbox sandbox, string error)
    {
        PodsLog.Pending(_logger, uid, error);
        _slots[uid] = new PodSlot(uid, workload) { Pending = sandbox };
        _retry.Change(RetryInterval, Timeout.InfiniteTimeSpan);
        return error;
    }

    private async Task RemoveWhereAsync(Func<PodSlot, bool> isGone)
    {
        List<PodSlot> gone = [.. _slots.Values.Where(isGone)];
        foreach (PodSlot slot in gone)
        {
            _slots.TryRemove(slot.Uid, out _);
        }

        await Task.WhenAll(gone.Select(StopAsync));
        if (gone.Count > 0)
        {
            _factory.Credentials.ForgetAllBut(
                _slots.Values.Select(slot => slot.Workload).Concat(AlsoServed).Select(workload => (workload.Namespace, workload.ServiceAccount)).ToHashSet());
        }
    }

    private async Task StopAsync(PodSlot? slot)
    {
        slot?.Pending?.Dispose();
        if (slot?.Proxy is { } proxy)
        {
            await proxy.DrainAsync(TimeSpan.Zero);
            _metrics.Stopped.Add(1);
            PodsLog.Stopped(_logger, slot.Uid);
        }
    }

    private Task<bool> RetryAsync() => ChangeAsync(() =>
    {
        foreach (PodSlot slot in _slots.Values.Where(slot => slot.Proxy is null))
        {
            Retry(slot, slot.Pending!);
        }

        // Pods that still fail withdraw nothing by themselves.
        if (CountPending() == 0)
        {
            UpdateReadiness();
        }

        return Task.CompletedTask;
    });

    private void Retry(PodSlot slot, PodSandbox sandbox)
    {
        try
        {
            TryStart(slot.Uid, slot.Workload, sandbox, sandbox.Open());
        }
        catch (IOException error)
        {
            SetPending(slot.Uid, slot.Workload, sandbox, StartError(error.Message));
        }
    }

    /// <summary>A pod without one of its listeners is closed to somebody: it is stopped whole, and started again like any pending one.</summary>
    private async Task WatchAsync(PodSlot slot)
    {
        if (await slot.Proxy!.Listening is not { } failure)
        {
            return;
        }

        PodsLog.ListenerDied(_logger, slot.Uid, failure.Message);
        await ChangeAsync(async () =>
        {
            if (ReferenceEquals(_slots.GetValueOrDefault(slot.Uid), slot))
            {
                await RestartLaterAsync(slot, failure.Message);
            }
        });
    }

    private async Task RestartLaterAsync(PodSlot slot, string error)
    {
        try
        {
            PodSandbox sandbox = slot.Proxy!.Namespace is { } sandboxed ? PodSandbox.Holding(sandboxed.Duplicate()) : PodSandbox.Own;
            await StopAsync(slot);
            SetPending(slot.Uid, slot.Workload, sandbox, error);
        }
        catch (IOException failure)
        {
            // Without a descriptor of its namespace the pod cannot be started again: forgotten, it is at least asked for by the next snapshot.
            await StopAsync(slot);
            _slots.TryRemove(slot.Uid, out _);
            PodsLog.ListenerDied(_logger, slot.Uid, failure.Message);
        }

        UpdateReadiness();
    }

    private int CountPending() => _slots.Values.Count(slot => slot.Proxy is null);

    private void Count()
    {
        int pending = CountPending();
        _metrics.Active.Add(_slots.Count - pending - _metrics.Active.Value);
        _metrics.Pending.Add(pending - _metrics.Pending.Value);
    }
}
