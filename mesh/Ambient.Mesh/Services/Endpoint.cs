using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Services;

/// <summary>A workload as an endpoint of one service. The workload object is the one in the same snapshot.</summary>
public sealed record Endpoint(Workload Workload, PortMap Ports)
{
    public HealthStatus Status => Workload.Status;
}
