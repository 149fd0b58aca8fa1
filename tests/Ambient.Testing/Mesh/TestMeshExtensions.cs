using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Testing.Mesh;

/// <summary>Reads like a sentence: <c>Pod("a", "10.0.0.1").EndpointOf(service)</c>.</summary>
public static class TestMeshExtensions
{
    public static Workload EndpointOf(this Workload workload, Service service, params PortMapping[] ports) =>
        workload with { Services = workload.Services.Add(new ServiceMembership(service.Key, PortMap.Create(ports))) };
}
