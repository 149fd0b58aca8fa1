namespace Ambient.Mesh.Services;

public enum HealthPolicy
{
    OnlyHealthy,
    AllowAll,
}
