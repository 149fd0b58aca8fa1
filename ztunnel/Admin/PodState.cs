using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Admin;

/// <param name="IsUp">False while the pod's listeners could not be made yet.</param>
internal sealed record PodState(
    string Uid,
    WorkloadInfo Workload,
    bool IsUp,
    IReadOnlyList<PodConnection> Inbound,
    IReadOnlyList<PodConnection> Outbound);
