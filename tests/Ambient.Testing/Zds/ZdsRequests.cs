using Ambient.Zds.Messages;

namespace Ambient.Testing.Zds;

/// <summary>The requests of a node agent.</summary>
public static class ZdsRequests
{
    public static WorkloadRequest Snapshot => new() { SnapshotSent = new SnapshotSent() };

    public static WorkloadRequest Add(string uid, string name = "web") => new()
    {
        Add = new AddWorkload { Uid = uid, WorkloadInfo = new WorkloadInfo { Name = name, Namespace = "shop", ServiceAccount = "web" } },
    };

    public static WorkloadRequest Keep(string uid) => new() { Keep = new KeepWorkload { Uid = uid } };

    public static WorkloadRequest Delete(string uid) => new() { Del = new DelWorkload { Uid = uid } };
}
