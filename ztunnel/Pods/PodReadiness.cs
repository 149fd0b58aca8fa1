using Ambient.Ztunnel.Admin;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// The readiness task of the pods (node-proxy 6.4): cleared when all that should be served is known and nothing of it is pending. Looked at
/// again only at the moments the protocol names, so a pod that fails does not by itself take the node out of service. Thread-safe.
/// </summary>
internal sealed class PodReadiness(ReadinessTasks tasks)
{
    private readonly Lock _lock = new();
    private bool _isComplete;

    /// <summary>Whether the source of pods has told all of them.</summary>
    public void SetComplete(bool isComplete)
    {
        lock (_lock)
        {
            _isComplete = isComplete;
            if (!isComplete)
            {
                tasks.Add(ReadinessTasks.WorkloadsTask);
            }
        }
    }

    public void Update(int pending)
    {
        lock (_lock)
        {
            if (_isComplete && pending == 0)
            {
                tasks.Clear(ReadinessTasks.WorkloadsTask);
            }
            else
            {
                tasks.Add(ReadinessTasks.WorkloadsTask);
            }
        }
    }
}
