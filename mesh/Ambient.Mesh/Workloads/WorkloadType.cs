namespace Ambient.Mesh.Workloads;

/// <summary>What made the workload; the lower-case name is the middle token of a baggage key (node-proxy 1.3.3).</summary>
public enum WorkloadType
{
    Deployment,
    CronJob,
    Pod,
    Job,
}
