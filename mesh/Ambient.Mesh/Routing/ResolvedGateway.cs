using Ambient.Mesh.Addresses;

namespace Ambient.Mesh.Routing;

/// <summary>A waypoint or network gateway resolved to a workload.</summary>
/// <param name="Upstream">The workload, its port, and the service it was picked from.</param>
/// <param name="Reference">The address that the choice among the workload's own addresses follows.</param>
public sealed record ResolvedGateway(Upstream Upstream, MeshIp Reference);
