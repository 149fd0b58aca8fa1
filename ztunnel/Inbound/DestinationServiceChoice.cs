using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Which service an inbound connection is reported for (node-proxy 2.4, last paragraph). Telemetry only.</summary>
internal static class DestinationServiceChoice
{
    /// <summary>
    /// The service of the <c>forwarded</c> host, but only among those that the local workload belongs to (or the one that the authority
    /// names), else the first that maps a port to the resolved one.
    /// </summary>
    public static Service? Pick(MeshSnapshot snapshot, in InboundRequest request, Service? named, ushort resolvedPort)
    {
        Service? byPort = null;
        if (named is not null)
        {
            return named.Hostname == request.ForwardedHost || MapsTo(named, request.Local, resolvedPort) ? named : null;
        }

        foreach (ServiceMembership membership in request.Local.Services)
        {
            if (snapshot.FindService(membership.Service) is not { } service)
            {
                continue;
            }

            if (service.Hostname == request.ForwardedHost)
            {
                return service;
            }

            byPort ??= MapsTo(service, request.Local, resolvedPort) ? service : null;
        }

        return byPort;
    }

    /// <summary>A plaintext connection carries no host name: the first service that maps a port to the destination's.</summary>
    public static Service? ForPort(MeshSnapshot snapshot, Workload local, int port)
    {
        foreach (ServiceMembership membership in local.Services)
        {
            if (snapshot.FindService(membership.Service) is { } service && MapsTo(service, local, (ushort)port))
            {
                return service;
            }
        }

        return null;
    }

    private static bool MapsTo(Service service, Workload local, ushort resolvedPort)
    {
        PortMap own = local.PortsFor(service.Key) ?? PortMap.Empty;
        foreach (PortMapping mapping in service.Ports)
        {
            if ((own.TryGetTarget(mapping.ServicePort, out ushort target) ? target : mapping.TargetPort) == resolvedPort)
            {
                return true;
            }
        }

        return false;
    }
}
