using Ambient.Mesh.Services;

namespace Ambient.Mesh.Workloads;

/// <summary>That a workload is an endpoint of a service, with its own service port to target port mapping (may be empty).</summary>
public sealed record ServiceMembership(ServiceKey Service, PortMap Ports);
