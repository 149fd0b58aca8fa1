using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>One wanted pod: with its proxy when that is up, and with what a new try needs while it has to be tried again.</summary>
internal sealed record PodSlot(string Uid, WorkloadInfo Workload)
{
    public PodProxy? Proxy { get; init; }

    /// <summary>
    /// Set while the pod has no proxy, and while a proxy that is up could not be compared with the sandbox that the pod was last told to be in.
    /// </summary>
    public PodSandbox? Retry { get; init; }
}
