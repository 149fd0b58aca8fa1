using Ambient.Lab.Agents;
using Ambient.Lab.Mesh;

namespace Ambient.Bench.Systems;

/// <summary>A node agent with one pod, which is given to the ztunnel that connects.</summary>
internal sealed class PodEnrolment : IAsyncDisposable
{
    /// <summary>The mesh must be known first, and a large one takes a while on one core.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AgentPod _pod;
    private readonly NodeAgent _agent;
    private readonly Task _running;

    private PodEnrolment(string socketPath, string listPath, AgentPod pod)
    {
        _pod = pod;
        _agent = new NodeAgent(socketPath, listPath, Hear) { PollInterval = TimeSpan.FromHours(1) };
        _running = _agent.RunAsync(_stopping.Token);
    }

    /// <summary>Writes the list and starts to listen.</summary>
    public static PodEnrolment Begin(string socketPath, string listPath, AgentPod pod)
    {
        File.WriteAllText(listPath, PodListDocument.Render(pod));
        return new PodEnrolment(socketPath, listPath, pod);
    }

    /// <summary>Until the ztunnel serves the pod.</summary>
    /// <param name="ensureAlive">Throws when a program of the rig has ended.</param>
    public async Task WaitAsync(Action ensureAlive)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!_answer.Task.IsCompleted)
        {
            ensureAlive();
            limit.Token.ThrowIfCancellationRequested();
            await Task.WhenAny(_answer.Task, _running, Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token));
            if (_running.IsCompleted)
            {
                await _running;
            }
        }

        string answer = await _answer.Task;
        if (!answer.EndsWith(": ok", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"a ztunnel did not take its pod: {answer}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _agent.Dispose();
        _stopping.Dispose();
    }

    private void Hear(string report)
    {
        if (report.StartsWith($"added {_pod.Uid}: ", StringComparison.Ordinal))
        {
            _answer.TrySetResult(report);
        }
    }
}
