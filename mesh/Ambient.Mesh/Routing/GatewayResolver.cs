using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Routing;

/// <summary>Resolves waypoints and network gateways (node-proxy 1.7, 2.3.3).</summary>
public static class GatewayResolver
{
    /// <summary>
    /// The waypoint of a service for one connection: a weighted sample, or the single one when the set is empty or all-zero. Null
    /// when the service has none.
    /// </summary>
    public static GatewayAddress? PickWaypoint(Service service, Random random) =>
        PickWeighted(service.WeightedWaypoints, random) ?? service.Waypoint;

    /// <summary>
    /// By address: service by virtual address, else workload. By host name: service without visibility rules, else workload. Null
    /// when there is no such thing or it has no usable endpoint.
    /// </summary>
    /// <param name="snapshot">The state to look in.</param>
    /// <param name="gateway">The reference.</param>
    /// <param name="client">The source of the connection.</param>
    /// <param name="destination">The address that the client asked for; a reference by host name adapts to its family.</param>
    /// <param name="resolution">Waypoint for waypoints, Standard for network gateways.</param>
    /// <param name="random">For the choice among endpoints.</param>
    public static ResolvedGateway? Resolve(
        MeshSnapshot snapshot,
        GatewayAddress gateway,
        Workload client,
        MeshIp destination,
        EndpointResolution resolution,
        Random random)
    {
        if (gateway.Address is { } address)
        {
            Upstream? byAddress =
                UpstreamResolver.Find(snapshot, address.Network, client, address.Ip, gateway.HbonePort, resolution, random);
            return byAddress is null ? null : new ResolvedGateway(byAddress, address.Ip);
        }

        ServiceKey hostname = gateway.Hostname!.Value;
        Upstream? byHostname = snapshot.FindService(hostname) is { } service
            ? UpstreamResolver.FromService(snapshot, client, service, gateway.HbonePort, resolution, random)
            : snapshot.FindWorkloadByHostname(hostname) is { } workload ? new Upstream(workload, gateway.HbonePort, null) : null;
        return byHostname is null ? null : new ResolvedGateway(byHostname, destination);
    }

    /// <summary>
    /// Whether a connection comes from the waypoint: same identity and one of its addresses. Any endpoint of a waypoint service
    /// qualifies. Without this test traffic would go round in a circle.
    /// </summary>
    public static bool IsFromWaypoint(MeshSnapshot snapshot, Workload destination, SpiffeId source, MeshIp sourceIp) =>
        Matches(snapshot, destination.Waypoint, workload => workload.Identity == source && workload.HasAddress(sourceIp));

    /// <summary>Whether the waypoint reference stands for the local workload, or for a workload that has the address (node-proxy 2.4 step 3).</summary>
    public static bool IsServedBy(MeshSnapshot snapshot, GatewayAddress waypoint, Workload local, MeshIp localIp)
    {
        AddressMatch match = snapshot.FindGateway(waypoint);
        return match.Service is { } service
            ? snapshot.EndpointsOf(service.Key).Contains(local.Uid)
            : match.Workload is { } workload && workload.HasAddress(localIp);
    }

    private static bool Matches(MeshSnapshot snapshot, GatewayAddress? gateway, Func<Workload, bool> predicate)
    {
        if (gateway is null)
        {
            return false;
        }

        AddressMatch match = snapshot.FindGateway(gateway);
        if (match.Service is not { } service)
        {
            return match.Workload is { } workload && predicate(workload);
        }

        foreach (Endpoint endpoint in snapshot.EndpointsOf(service.Key).All)
        {
            if (predicate(endpoint.Workload))
            {
                return true;
            }
        }

        return false;
    }

    private static GatewayAddress? PickWeighted(ImmutableArray<WeightedWaypoint> waypoints, Random random)
    {
        long total = 0;
        foreach (WeightedWaypoint waypoint in waypoints)
        {
            total += waypoint.Weight;
        }

        if (total == 0)
        {
            return null;
        }

        long drawn = random.NextInt64(total);
        foreach (WeightedWaypoint waypoint in waypoints)
        {
            drawn -= waypoint.Weight;
            if (drawn < 0)
            {
                return waypoint.Destination;
            }
        }

        return null;
    }
}
