using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>What becomes of one pod: started, kept as it is, stopped, or put off (node-proxy 6.4). <see cref="PodProxySet"/> calls it for one change at a time.</summary>
/// <param name="start">Starts the proxy of one pod.</param>
/// <param name="table">Where the pod is entered.</param>
/// <param name="metrics">Counts starts and stops.</param>
/// <param name="logger">Told of every step.</param>
internal sealed class PodLifecycle(Func<WorkloadInfo, NetworkNamespace?, PodProxy> start, PodTable table, PodMetrics metrics, ILogger logger)
{
    /// <summary>Called when an entry of the table is to be tried again later.</summary>
    public required Action Retry { get; init; }

    /// <summary>Called with each entry whose proxy has come up.</summary>
    public required Action<PodSlot> Started { get; init; }

    /// <summary>Starts a pod's proxy, unless it is up in that very sandbox.</summary>
    /// <param name="uid">The pod.</param>
    /// <param name="workload">Whose identity it has.</param>
    /// <param name="sandbox">Taken over.</param>
    /// <returns>Why the pod is tried again later, or not at all when there are too many; null when its proxy is up in that sandbox.</returns>
    public async Task<string?> AddAsync(string uid, WorkloadInfo workload, PodSandbox sandbox)
    {
        PodSlot? before = table.Find(uid);
        if (before is null && table.Count >= PodList.MaxPods)
        {
            sandbox.Dispose();
            PodsLog.Refused(logger, uid, PodList.MaxPods);
            return StartError($"more than {PodList.MaxPods} pods");
        }

        NetworkNamespace? podNamespace;
        try
        {
            podNamespace = sandbox.Open();
        }
        catch (IOException error)
        {
            return await KeepOrStopAsync(before, new PodSlot(uid, workload) { Retry = sandbox }, StartError(error.Message));
        }

        if (before?.Proxy is { } proxy && IsSame(proxy.Namespace, podNamespace) && before.Workload == workload)
        {
            podNamespace?.Dispose();
            before.Retry?.Dispose();
            sandbox.Dispose();
            table.Put(before with { Retry = null });
            return null;
        }

        await StopAsync(before, heir: sandbox);
        return await TryStartAsync(uid, workload, sandbox, podNamespace);
    }

    /// <summary>Starts and enters a pod that is not in the table, or no longer up. A proxy that cannot be entered is ended: nobody would own it.</summary>
    /// <exception cref="StartException">One of its listeners cannot be made.</exception>
    public async Task StartAsync(string uid, WorkloadInfo workload, NetworkNamespace? podNamespace)
    {
        PodSlot started = new(uid, workload) { Proxy = start(workload, podNamespace) };
        metrics.Started.Add(1);
        try
        {
            table.Put(started);
            PodsLog.Started(logger, uid, workload.ToString());
            Started(started);
        }
        catch
        {
            await StopAsync(started, heir: null);
            throw;
        }
    }

    /// <summary>Ends pods, all at once. Their certificates are given up after their connections.</summary>
    public async Task RemoveAsync(IReadOnlyList<PodSlot> gone)
    {
        await Task.WhenAll(gone.Select(slot => StopAsync(slot, heir: null)));
        foreach (PodSlot slot in gone)
        {
            table.Remove(slot);
        }
    }

    /// <summary>Gives up what is known of where a pod is: without a proxy it is gone, one that is up goes on where it is.</summary>
    public async Task ForgetSandboxAsync(PodSlot slot)
    {
        if (slot.Proxy is null)
        {
            await RemoveAsync([slot]);
        }
        else if (slot.Retry is { } sandbox)
        {
            sandbox.Dispose();
            table.Put(slot with { Retry = null });
        }
    }

    /// <summary>Stops a pod whole; it is started again like any pending one.</summary>
    public async Task RestartLaterAsync(PodSlot slot, string error)
    {
        try
        {
            PodSandbox sandbox = slot.Retry ?? (slot.Proxy!.Namespace is { } inside ? PodSandbox.Holding(inside.Duplicate()) : PodSandbox.Own);
            await StopAsync(slot, heir: sandbox);
            SetPending(new PodSlot(slot.Uid, slot.Workload) { Retry = sandbox }, error);
        }
        catch (IOException failure)
        {
            // Without a descriptor of its namespace the pod cannot be started again: forgotten, it is at least asked for by the next snapshot.
            await RemoveAsync([slot]);
            PodsLog.ListenerDied(logger, slot.Uid, failure.Message);
        }
    }

    /// <summary>That a sandbox cannot be opened at this moment says nothing against a proxy that serves the same pod: it stays until it is known better.</summary>
    private async Task<string> KeepOrStopAsync(PodSlot? before, PodSlot wanted, string error)
    {
        if (before?.Proxy is null || before.Workload != wanted.Workload)
        {
            await StopAsync(before, heir: wanted.Retry);
            return SetPending(wanted, error);
        }

        if (before.Retry != wanted.Retry)
        {
            before.Retry?.Dispose();
        }

        PodsLog.Kept(logger, wanted.Uid, error);
        table.Put(before with { Retry = wanted.Retry });
        Retry();
        return error;
    }

    /// <summary>No namespace is the process's own one, as in dedicated mode.</summary>
    private static bool IsSame(NetworkNamespace? left, NetworkNamespace? right) =>
        left is null || right is null ? left == right : left.IsSameAs(right);

    private static string StartError(string reason) => $"failure to start proxy : {reason}";

    private async Task<string?> TryStartAsync(string uid, WorkloadInfo workload, PodSandbox sandbox, NetworkNamespace? podNamespace)
    {
        string error;
        try
        {
            await StartAsync(uid, workload, podNamespace);
            sandbox.Dispose();
            return null;
        }
        catch (StartException failure)
        {
            error = failure.Message;
        }
        catch (Exception bug)
        {
            // One pod must not take the others of its list with it, nor its own next try.
            PodsLog.Bug(logger, uid, bug);
            error = StartError(bug.Message);
        }

        podNamespace?.Dispose();
        return SetPending(new PodSlot(uid, workload) { Retry = sandbox }, error);
    }

    private string SetPending(PodSlot slot, string error)
    {
        PodsLog.Pending(logger, slot.Uid, error);
        table.Put(slot);
        Retry();
        return error;
    }

    /// <summary>Never fails: what a bug leaves of one proxy must not keep the others of its list, nor its own entry.</summary>
    /// <param name="slot">Its proxy is ended.</param>
    /// <param name="heir">The one sandbox that is still needed.</param>
    private async Task StopAsync(PodSlot? slot, PodSandbox? heir)
    {
        if (slot?.Retry != heir)
        {
            slot?.Retry?.Dispose();
        }

        if (slot?.Proxy is not { } proxy)
        {
            return;
        }

        metrics.Stopped.Add(1);
        try
        {
            await proxy.DrainAsync(TimeSpan.Zero);
            PodsLog.Stopped(logger, slot.Uid);
        }
        catch (Exception bug)
        {
            PodsLog.StopFailed(logger, slot.Uid, bug);
        }
    }
}
