using Ambient.Zds;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Agents;

/// <summary>
/// Stands in for the agent of a node: tells every ztunnel that connects the pods of a list, and the changes of that list from then on
/// (node-proxy 6.3). New pods go to the youngest connection only, deletions to all.
/// </summary>
public sealed class NodeAgent(string socketPath, string listPath, Action<string> report) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Oldest first.</summary>
    private readonly List<AgentConnection> _proxies = [];

    private IReadOnlyList<AgentPod> _pods = [];

    /// <summary>Between two looks at the list.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="LabException">The list cannot be read.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        string text = await File.ReadAllTextAsync(listPath, cancellation);
        _pods = AgentPodList.Parse(text);
        using var listener = PacketListener.Open(socketPath);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task accepting = AcceptAsync(listener, stop.Token);
        Task watching = WatchAsync(text, stop.Token);
        Task ended = await Task.WhenAny(accepting, watching);
        await stop.CancelAsync();
        await ended;
    }

    public void Dispose()
    {
        foreach (AgentConnection proxy in _proxies)
        {
            proxy.Dispose();
        }

        _turn.Dispose();
    }

    private async Task AcceptAsync(PacketListener listener, CancellationToken cancellation)
    {
        while (true)
        {
            var proxy = new AgentConnection(await listener.AcceptAsync(cancellation));
            await InTurnAsync(() => WelcomeAsync(proxy, cancellation), cancellation);
        }
    }

    private async Task WelcomeAsync(AgentConnection proxy, CancellationToken cancellation)
    {
        if (await proxy.ReadHelloAsync(cancellation) is null)
        {
            report("a connection without a greeting was dropped");
            proxy.Dispose();
            return;
        }

        foreach (AgentPod pod in _pods)
        {
            await AddAsync(proxy, pod, cancellation);
        }

        bool isSent = await proxy.AskAsync(AgentMessages.Snapshot, null, cancellation) is not null;
        report(isSent ? $"a ztunnel has the snapshot of {_pods.Count} pods" : "a ztunnel left before its snapshot was complete");
        _proxies.Add(proxy);
    }

    private async Task WatchAsync(string last, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            string text = await File.ReadAllTextAsync(listPath, cancellation);
            if (text != last)
            {
                last = text;
                IReadOnlyList<AgentPod> pods = AgentPodList.Parse(text);
                await InTurnAsync(() => ChangeAsync(pods, cancellation), cancellation);
            }
        }
    }

    private async Task ChangeAsync(IReadOnlyList<AgentPod> pods, CancellationToken cancellation)
    {
        IReadOnlyList<AgentPod> before = _pods;
        _pods = pods;
        foreach (AgentPod gone in before.Where(pod => pods.All(other => other.Uid != pod.Uid)))
        {
            foreach (AgentConnection proxy in _proxies.ToArray())
            {
                DropIfBroken(proxy, await proxy.AskAsync(AgentMessages.Delete(gone.Uid), null, cancellation));
            }

            report($"deleted {gone.Uid}");
        }

        foreach (AgentPod pod in pods.Where(pod => !before.Contains(pod)))
        {
            while (_proxies.Count > 0 && !DropIfBroken(_proxies[^1], await AddAsync(_proxies[^1], pod, cancellation)))
            {
                report("the youngest ztunnel is gone, the one before it is asked");
            }
        }
    }

    private async Task<string?> AddAsync(AgentConnection proxy, AgentPod pod, CancellationToken cancellation)
    {
        using SafeFileHandle sandbox = File.OpenHandle(pod.NetworkNamespacePath);
        string? error = await proxy.AskAsync(AgentMessages.Add(pod), sandbox, cancellation);
        report($"added {pod.Uid}: {(error is null ? "no answer" : error.Length == 0 ? "ok" : error)}");
        return error;
    }

    private bool DropIfBroken(AgentConnection proxy, string? answer)
    {
        if (answer is not null)
        {
            return true;
        }

        _proxies.Remove(proxy);
        proxy.Dispose();
        return false;
    }

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
