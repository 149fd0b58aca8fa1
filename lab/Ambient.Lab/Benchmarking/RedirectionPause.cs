using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.State;

namespace Ambient.Lab.Benchmarking;

/// <summary>
/// Takes redirection of pods away and puts it back. The lab's state names a pod from before the first until after the second,
/// so that whatever ends this process, the next run knows what to put back.
/// </summary>
internal sealed class RedirectionPause(LabDirectory directory, PodRedirection redirection)
{
    private const int RestoreAttempts = 3;

    /// <exception cref="LabException">It may be there or not; <see cref="EndAllAsync"/> puts it back.</exception>
    public async Task BeginAsync(PodRecord pod, CancellationToken cancellationToken)
    {
        if (!TryChange(state => state with { PausedPods = [.. state.PausedPods.Union([pod.Name])] }))
        {
            throw new LabException($"Lab {directory.Name} was removed while it was measured.", $"Bring it up again: ambientctl lab up --name {directory.Name}");
        }

        await redirection.RemoveAsync(pod.Name, NamespaceFiles.PathOf(pod.NetworkNamespace), cancellationToken);
    }

    /// <summary>
    /// Puts back what any run has taken away; names of the pods. Takes no token: an interrupt must not leave a pod open. A second
    /// interrupt on a terminal also reaches the programs started here, hence the attempts.
    /// </summary>
    /// <exception cref="LabException">A pod is still open, and still named in the state.</exception>
    public async Task<IReadOnlyList<string>> EndAllAsync()
    {
        if (new LabStore(directory).Load() is not { } state)
        {
            return [];
        }

        PodRecord[] paused = [.. state.PausedPods.Select(state.FindPod).OfType<PodRecord>()];
        foreach (PodRecord pod in paused)
        {
            await RestoreAsync(pod);
        }

        return [.. paused.Select(pod => pod.Name)];
    }

    private async Task RestoreAsync(PodRecord pod)
    {
        string path = NamespaceFiles.PathOf(pod.NetworkNamespace);
        for (int attempt = 1; File.Exists(path); attempt++)
        {
            try
            {
                await redirection.ApplyAsync(pod.Name, path, CancellationToken.None);
                break;
            }
            catch (LabException failure) when (attempt == RestoreAttempts)
            {
                throw new LabException(
                    $"Pod {pod.Name} is NOT redirected, its traffic passes the mesh by. {failure.Message}",
                    $"{failure.NextStep}. Then run the same bench again, which puts redirection back first, or remove the lab: ambientctl lab down --name {directory.Name}");
            }
            catch (LabException)
            {
                // Tried again.
            }
        }

        TryChange(state => state with { PausedPods = [.. state.PausedPods.Where(name => name != pod.Name)] });
    }

    /// <summary>Read anew each time, since 'lab down' may have begun. False when the lab is gone, its pods with it.</summary>
    private bool TryChange(Func<LabState, LabState> change)
    {
        var store = new LabStore(directory);
        if (store.Load() is null)
        {
            return false;
        }

        try
        {
            store.Update(change);
            return true;
        }
        catch (IOException) when (!File.Exists(directory.StateFile))
        {
            return false;
        }
    }
}
