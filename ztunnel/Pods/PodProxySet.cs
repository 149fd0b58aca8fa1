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

    private readonly PodTable _table;
    private readonly PodLifecycle _lifecycle;
    private readonly PodReadiness _readiness;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly RetryTimer _retry;
    private bool _isDraining;

    /// <param name="start">Starts the proxy of one pod, as <see cref="PodProxyFactory.Start(WorkloadInfo, NetworkNamespace?)"/> does.</param>
    /// <param name="table">Empty; changed by this set alone.</param>
    /// <param name="metrics">Counts starts and stops.</param>
    /// <param name="readiness">Told when every wanted pod is served.</param>
    /// <param name="logger">Told of every start, stop and failure.</param>
    /// <param name="time">Paces the tries.</param>
    public PodProxySet(
        Func<WorkloadInfo, NetworkNamespace?, PodProxy> start, PodTable table, PodMetrics metrics, ReadinessTasks readiness, ILogger logger, TimeProvider time)
    {
        _table = table;
        _readiness = new PodReadiness(readiness);
        _logger = logger;
        _retry = new RetryTimer(RetryInterval, RetryAsync, time);
        _lifecycle = new PodLifecycle(start, table, metrics, logger) { Retry = _retry.Arm, Started = slot => _ = WatchAsync(slot) };
    }

    public IReadOnlyList<PodState> Snapshot() =>
    [
        .. _table.Slots.Select(slot => slot.Proxy is { } proxy
            ? proxy.Describe(slot.Uid, slot.Workload)
            : new PodState(slot.Uid, slot.Workload, IsUp: false, [], [])),
    ];

    /// <summary>Starts a pod's proxy. The same pod in the same sandbox is there already; in another one, the old sandbox is dead.</summary>
    /// <param name="uid">The pod.</param>
    /// <param name="workload">Whose identity it has.</param>
    /// <param name="sandbox">Taken over.</param>
    /// <returns>Why the pod is tried again later; null when its proxy is up in that sandbox.</returns>
    public async Task<string?> AddAsync(string uid, WorkloadInfo workload, PodSandbox sandbox)
    {
        string? error = "the proxy is stopping";
        bool isTaken = await ChangeAsync(async () => error = await _lifecycle.AddAsync(uid, workload, sandbox));
        if (!isTaken)
        {
            sandbox.Dispose();
        }

        return error;
    }

    /// <summary>Ends a pod's proxy at once: its application is gone (node-proxy 10.4).</summary>
    public Task RemoveAsync(string uid) => ChangeAsync(() => RemoveWhereAsync(slot => slot.Uid == uid));

    /// <summary>No more tries for a pod that has no proxy; one that runs stays.</summary>
    public Task RemovePendingAsync(string uid) => ChangeAsync(() => ForgetSandboxesAsync(slot => slot.Uid == uid));

    public bool IsRunning(string uid) => _table.Find(uid)?.Proxy is not null;

    /// <summary>A new list of pods begins: what runs stays, what is pending must be told again.</summary>
    public Task BeginListAsync() => ChangeAsync(() =>
    {
        _readiness.SetComplete(false);
        return ForgetSandboxesAsync(_ => true);
    });

    /// <summary>The list is complete: what runs and was not told is gone.</summary>
    public Task EndListAsync(IReadOnlySet<string> told) => ChangeAsync(() =>
    {
        _readiness.SetComplete(true);
        return RemoveWhereAsync(slot => slot.Proxy is not null && !told.Contains(slot.Uid));
    });

    /// <summary>Whoever tells of pods cannot be reached: what runs stays, but the node is not ready.</summary>
    public void LoseSource() => _readiness.SetComplete(false);

    /// <summary>Between changes, so that what is told of the pods is never older than what was told before.</summary>
    public Task UpdateReadinessAsync() => ChangeAsync(() =>
    {
        UpdateReadiness();
        return Task.CompletedTask;
    });

    /// <summary>Makes the pods exactly those of <paramref name="wanted"/>.</summary>
    public Task ApplyAsync(IReadOnlyList<PodEntry> wanted) => ChangeAsync(async () =>
    {
        foreach (PodEntry entry in wanted)
        {
            await _lifecycle.AddAsync(entry.Uid, entry.Workload, PodSandbox.At(entry.NetworkNamespacePath));
        }

        HashSet<string> uids = wanted.Select(entry => entry.Uid).ToHashSet(StringComparer.Ordinal);
        await RemoveWhereAsync(slot => !uids.Contains(slot.Uid));
        _readiness.SetComplete(true);
        UpdateReadiness();
    });

    /// <summary>Dedicated mode: one proxy in the process's own namespace.</summary>
    /// <exception cref="StartException">Its listeners cannot be made; there is nothing else to serve.</exception>
    public async Task StartDedicatedAsync(WorkloadInfo workload)
    {
        await _lifecycle.StartAsync(workload.ToString(), workload, podNamespace: null);
        _readiness.SetComplete(true);
        UpdateReadiness();
    }

    /// <summary>Ends every proxy, all with one deadline (node-proxy 10.2).</summary>
    public Task DrainAsync(TimeSpan deadline) => ChangeAsync(async () =>
    {
        _isDraining = true;
        await Task.WhenAll(_table.Slots.Select(slot => slot.Proxy?.DrainAsync(deadline) ?? Task.FromResult(default(DrainOutcome))));
    });

    public async ValueTask DisposeAsync()
    {
        await _retry.DisposeAsync();
        foreach (PodSlot slot in _table.Slots)
        {
            slot.Retry?.Dispose();
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
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    private Task RemoveWhereAsync(Func<PodSlot, bool> isGone) => _lifecycle.RemoveAsync([.. _table.Slots.Where(isGone)]);

    private async Task ForgetSandboxesAsync(Func<PodSlot, bool> isMeant)
    {
        foreach (PodSlot slot in _table.Slots.Where(isMeant))
        {
            await _lifecycle.ForgetSandboxAsync(slot);
        }
    }

    private void UpdateReadiness() => _readiness.Update(_table.Pending);

    private Task RetryAsync() => GuardAsync("(any)", () => ChangeAsync(async () =>
    {
        foreach (PodSlot slot in _table.Slots.Where(slot => slot.Retry is not null))
        {
            await _lifecycle.AddAsync(slot.Uid, slot.Workload, slot.Retry!);
        }

        // Pods that still fail withdraw nothing by themselves.
        if (_table.Pending == 0)
        {
            UpdateReadiness();
        }
    }));

    /// <summary>A pod without one of its listeners is closed to somebody: it is stopped whole, and started again like any pending one.</summary>
    private Task WatchAsync(PodSlot slot) => GuardAsync(slot.Uid, async () =>
    {
        if (await EndOfListeningAsync(slot) is not { } error)
        {
            return;
        }

        PodsLog.ListenerDied(_logger, slot.Uid, error);
        await ChangeAsync(async () =>
        {
            if (_table.Find(slot.Uid) is { } current && current.Proxy == slot.Proxy)
            {
                await _lifecycle.RestartLaterAsync(current, error);
                UpdateReadiness();
            }
        });
    });

    /// <returns>Null when the listeners were stopped.</returns>
    private async Task<string?> EndOfListeningAsync(PodSlot slot)
    {
        try
        {
            return (await slot.Proxy!.Listening)?.Message;
        }
        catch (Exception bug)
        {
            // Whatever it was, nothing may be listening any more.
            PodsLog.Bug(_logger, slot.Uid, bug);
            return bug.Message;
        }
    }

    /// <summary>Work that nobody waits for: an error that nobody thought of is logged, and what can be tried again is.</summary>
    private async Task GuardAsync(string uid, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception bug)
        {
            PodsLog.Bug(_logger, uid, bug);
            _retry.Arm();
        }
    }
}
