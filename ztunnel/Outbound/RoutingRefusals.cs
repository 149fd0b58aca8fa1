using System.Net;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Outbound;

/// <summary>The refusals of outbound routing with the texts that operators match on (node-proxy 1.5), each with the next step.</summary>
internal static class RoutingRefusals
{
    public static RefusedRoute NoHealthyUpstream(MeshSnapshot snapshot, Service service, IPEndPoint destination) =>
        new(FailureReason.NoHealthyUpstream, $"no healthy upstream: {destination}", Explain(snapshot, service, destination.Port)) { IntendedService = service };

    public static RefusedRoute NoService(IPEndPoint destination) =>
        new(
            FailureReason.UnknownService,
            $"no service for target address: {destination}",
            "a workload of another network can be reached only through a service; use the service's name or address");

    public static RefusedRoute UnknownWaypoint(GatewayAddress waypoint) =>
        new(
            FailureReason.UnknownWaypoint,
            $"unknown waypoint: {waypoint.Destination}",
            $"the destination must pass its waypoint, but no usable one is known at {waypoint}; check that the waypoint runs and is ready");

    public static RefusedRoute UnknownNetworkGateway(GatewayAddress gateway) =>
        new(
            FailureReason.UnknownGateway,
            $"unknown network gateway: {gateway.Destination}",
            $"the destination is on another network, but its gateway {gateway} is not known; check the east-west gateway");

    public static RefusedRoute NoValidDestination(Workload workload) =>
        new(
            FailureReason.NoRoute,
            $"no valid routing destination for workload: {workload.Name}",
            workload.Addresses.IsEmpty
                ? "the workload has no address, no host name and no gateway that can be used from here"
                : "the workload has no address of a family that its service allows, or is on another network without a gateway")
        {
            NextHop = workload,
        };

    private static string Explain(MeshSnapshot snapshot, Service service, int port)
    {
        if (!service.Ports.TryGetTarget((ushort)port, out _))
        {
            return $"service {service.Key} has no port {port}; its ports are {string.Join(", ", service.Ports.Select(mapping => mapping.ServicePort))}";
        }

        int endpoints = snapshot.EndpointsOf(service.Key).Count;
        return endpoints == 0
            ? $"service {service.Key} has no ready endpoint"
            : $"service {service.Key} has {endpoints} endpoint(s), none of which fits its load balancing rules, its ports or this network";
    }
}
