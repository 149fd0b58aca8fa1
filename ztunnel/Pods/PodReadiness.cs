using Ambient.Ztunnel.Admin;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// The readiness task of the pods (node-proxy 6.4): cleared when all that should be served is known and nothing of it is pending. Looked at
/// again only at the moments the protocol names, so a pod that fails does not by itself take the node out of service.
/// </summary>
internal sealed class PodReadiness(ReadinessTasks tasks)
{
    private volatile bool _isComplete;

    /// <summary>Whether the source of pods has told all of them.</summary>
    public bool IsComplete
    {
        get => _isComplete;
        set
        {
            _isComplete = value;
            if (!value)
            {
                tasks.Add(ReadinessTasks.WorkloadsTask);
            }
        }
    }

    public void Update(int pending)
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
