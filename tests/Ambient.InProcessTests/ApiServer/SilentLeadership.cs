using Ambient.Kube.Client;
using Ambient.Kube.Leases;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>An election that is judged by what its candidates do.</summary>
internal sealed class SilentLeadership : ILeadershipEvents
{
    public void Won()
    {
    }

    public void Lost()
    {
    }

    public void Follows(string holder)
    {
    }

    public void Failed(KubernetesException error)
    {
    }
}
