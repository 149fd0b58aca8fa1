using System.Collections.Immutable;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Routing;

/// <summary>A workload to send a connection to: picked from a service, or addressed by itself (<see cref="Service"/> is then null).</summary>
/// <param name="Workload">The next hop.</param>
/// <param name="Port">The target port on it, service port mapping applied.</param>
/// <param name="Service">The service it was picked from.</param>
public sealed record Upstream(Workload Workload, ushort Port, Service? Service)
{
    /// <summary>The service's identities in their order, then the workload's own (node-proxy 1.1.2). The order is part of a pool key.</summary>
    public ImmutableArray<SpiffeId> ExpectedIdentities =>
        Service is null ? [Workload.Identity] : Service.Identities.Add(Workload.Identity);

    /// <summary>The service's identities alone: what the inner tunnel of a double one expects.</summary>
    public ImmutableArray<SpiffeId> ServiceIdentities => Service?.Identities ?? [];
}
