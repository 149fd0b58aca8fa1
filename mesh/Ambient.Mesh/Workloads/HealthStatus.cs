namespace Ambient.Mesh.Workloads;

public enum HealthStatus
{
    Healthy,
    Unhealthy,
}
