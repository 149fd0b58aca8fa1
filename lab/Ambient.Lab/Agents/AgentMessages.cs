using Ambient.Zds.Messages;

namespace Ambient.Lab.Agents;

/// <summary>The agent's requests.</summary>
internal static class AgentMessages
{
    public static WorkloadRequest Snapshot { get; } = new() { SnapshotSent = new SnapshotSent() };

    public static WorkloadRequest Add(AgentPod pod) => new()
    {
        Add = new AddWorkload
        {
            Uid = pod.Uid,
            WorkloadInfo = new WorkloadInfo { Name = pod.Name, Namespace = pod.Namespace, ServiceAccount = pod.ServiceAccount },
        },
    };

    public static WorkloadRequest Delete(string uid) => new() { Del = new DelWorkload { Uid = uid } };
}
