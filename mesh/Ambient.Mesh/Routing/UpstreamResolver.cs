using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Routing;

/// <summary>Finds the workload behind a destination (node-proxy 2.3 step 4). Services are looked at before workloads here.</summary>
public static class UpstreamResolver
{
    /// <summary>
    /// Null when nothing is there, no endpoint is usable, or the service's mode is passthrough. An address that is a service's never
    /// falls back to a workload on the same address.
    /// </summary>
    public static Upstream? Find(
        MeshSnapshot snapshot,
        string network,
        Workload client,
        MeshIp ip,
        ushort port,
        EndpointResolution resolution,
        Random random)
    {
        if (snapshot.FindServiceByVip(network, ip, client.Namespace) is { } service)
        {
            return service.Mode == LoadBalancerMode.Passthrough
                ? null
                : FromService(snapshot, client, service, port, resolution, random);
        }

        return snapshot.FindWorkload(network, ip) is { } workload ? new Upstream(workload, port, null) : null;
    }

    public static Upstream? FromService(
        MeshSnapshot snapshot, Workload client, Service service, ushort port, EndpointResolution resolution, Random random) =>
        EndpointSelector.Pick(snapshot, client, service, port, resolution, random) is { } choice
            ? new Upstream(choice.Endpoint.Workload, choice.TargetPort, service)
            : null;
}
