using Ambient.Bench.Cluster;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Workloads;

/// <summary>Every workload, in the order of the report.</summary>
internal static class WorkloadCatalog
{
    public static IReadOnlyList<string> Ids { get; } =
    [
        "w1-1", "w1-8", "w1r-1", "w1r-8", "w2-http-1", "w2-echo-1", "w3-http-32", "w4-1", "w4-32", "w5-1", "w5-32", IdleStudy.Id, "w8-slow-reader",
        ControlStudy.Id, .. ControlPlaneRun.Ids,
    ];

    public static IReadOnlyList<string> QuickIds { get; } =
        ["w1-1", "w1-8", "w2-http-1", "w3-http-32", "w4-32", "w5-32", IdleStudy.Id, "w8-slow-reader"];

    /// <summary>Of those, the ones that a quick run visits in one block.</summary>
    public static IReadOnlyList<string> QuickOnceIds { get; } = ["w5-32", "w8-slow-reader"];

    /// <summary>The workload of an id; null for the studies, which are not made of blocks.</summary>
    public static IWorkload? Create(string id, BenchRig rig, LoadClient load) => id switch
    {
        "w1-1" => new BulkWorkload(rig, id, flows: 1, reverse: false),
        "w1-8" => new BulkWorkload(rig, id, flows: 8, reverse: false),
        "w1r-1" => new BulkWorkload(rig, id, flows: 1, reverse: true),
        "w1r-8" => new BulkWorkload(rig, id, flows: 8, reverse: true),
        "w2-http-1" => new HttpWorkload(rig, id, connections: 1),
        "w2-echo-1" => new MessageWorkload(load, id, connections: 1, bytes: 1),
        "w3-http-32" => new HttpWorkload(rig, id, connections: 32),
        "w4-1" => new ConnectWorkload(load, id, connections: 1, tunnelPerConnection: false),
        "w4-32" => new ConnectWorkload(load, id, connections: 32, tunnelPerConnection: false),
        "w5-1" => new ConnectWorkload(load, id, connections: 1, tunnelPerConnection: true),
        "w5-32" => new ConnectWorkload(load, id, connections: 32, tunnelPerConnection: true),
        "w8-slow-reader" => new SlowReaderWorkload(load, id),
        _ => null,
    };
}
