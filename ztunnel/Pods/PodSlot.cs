using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>One wanted pod: with its proxy when that is up, without while it is pending.</summary>
internal sealed record PodSlot(string Uid, WorkloadInfo Workload, string NamespacePath)
{
    public PodProxy? Proxy { get; init; }
}
