using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>One wanted pod: with its proxy when that is up; while it is pending, with what a new try needs.</summary>
internal sealed record PodSlot(string Uid, WorkloadInfo Workload)
{
    public PodProxy? Proxy { get; init; }

    /// <summary>Null exactly when the proxy is up.</summary>
    public PodSandbox? Pending { get; init; }
}
