using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Routing;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.OnDemand;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// Decides what a CONNECT request on the inbound listener stands for (node-proxy 2.4 steps 1, 3 and 4). Pure. The traffic always ends at
/// the address that the connection arrived on, never at the address that the authority names.
/// </summary>
internal sealed class InboundRouter(InboundRouterOptions options)
{
    private const int BadRequest = (int)HttpStatusCode.BadRequest;
    private const int ServiceUnavailable = (int)HttpStatusCode.ServiceUnavailable;

    /// <summary>Step 1. Null when the request is a CONNECT with a usable authority.</summary>
    public static RefusedRequest? Validate(string method, string? authorityText, out InboundAuthority? authority)
    {
        authority = null;
        if (method != "CONNECT")
        {
            return new RefusedRequest(BadRequest, FailureReason.InvalidRequest, $"expected method CONNECT, got {method}", "port 15008 speaks HBONE only");
        }

        return InboundAuthority.TryParse(authorityText ?? string.Empty, out authority)
            ? null
            : new RefusedRequest(
                BadRequest, FailureReason.InvalidRequest, $"no valid authority pseudo header: {authorityText}", "the authority must be an address or host name with a port");
    }

    /// <summary>Step 2, after the wait for the local workload was in vain.</summary>
    public static RefusedRequest UnknownLocalWorkload(LocalWorkloadKey key) =>
        new(
            ServiceUnavailable,
            FailureReason.UnknownWorkload,
            $"failed to fetch information about local workload: {key}",
            "the control plane has not sent this pod's workload to this node");

    /// <summary>Steps 3 and 4, when what they need of the mesh could not be learnt: nobody knows whether the request is a bad one.</summary>
    public static RefusedRequest Unknowable(ConnectionFailure failure) =>
        new(ServiceUnavailable, failure.Reason, failure.Message, failure.Hint);

    /// <summary>Steps 3 and 4.</summary>
    /// <param name="snapshot">The state to look in.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="asked">Where the mesh is learnt on demand: what was asked for already. Null when what the snapshot does not hold does not exist.</param>
    public InboundRoute Decide(MeshSnapshot snapshot, InboundRequest request, AskedResources? asked = null)
    {
        MeshIp arrival = MeshIp.From(request.Arrival.Address);
        if (asked is not null && Lacks(snapshot, request, arrival, asked) is { } demand)
        {
            return new UndecidedRequest(demand);
        }

        if (!IsForLocalWorkload(snapshot, request, arrival))
        {
            return new RefusedRequest(
                BadRequest,
                FailureReason.WrongDestination,
                $"ip mismatch: {arrival} != {request.Authority.Ip}",
                $"the caller took {arrival} for {request.Authority.Ip}; its view of the mesh is outdated, or a waypoint is not attached here");
        }

        Service? named = null;
        ushort port = request.Authority.Port;
        if (request.Authority.Hostname is { } hostname)
        {
            named = snapshot.FindServiceByHostname(hostname, request.Local.Namespace, options.PreferredNamespace);
            if (named is null)
            {
                return new RefusedRequest(
                    ServiceUnavailable,
                    FailureReason.UnknownService,
                    $"no service or workload for hostname: {hostname}",
                    $"no service {hostname} is visible from namespace {request.Local.Namespace}");
            }

            port = TargetPortOf(snapshot, request.Local, named, port);
            if (port == 0)
            {
                return new RefusedRequest(
                    ServiceUnavailable,
                    FailureReason.IllegalPort,
                    $"no port for services: {hostname}:{request.Authority.Port}",
                    $"service {named.Key} does not map port {request.Authority.Port} for this pod");
            }
        }

        return options.Ports.Contains(port)
            ? new RefusedRequest(ServiceUnavailable, FailureReason.SelfCall, OwnPorts.RefusalError, OwnPorts.RefusalHint)
            : Forward(snapshot, request, arrival, port, named);
    }

    private bool IsForLocalWorkload(MeshSnapshot snapshot, in InboundRequest request, MeshIp arrival)
    {
        if (ForeignAddress(request, arrival) is not { } ip)
        {
            return true;
        }

        // A captured waypoint receives what is meant for the workloads and services behind it.
        return WaypointOf(snapshot, ip) is { } waypoint && GatewayResolver.IsServedBy(snapshot, waypoint, request.Local, arrival);
    }

    /// <summary>What the decision depends on and nobody has asked for; null when it can be made.</summary>
    private ResourceDemand? Lacks(MeshSnapshot snapshot, in InboundRequest request, MeshIp arrival, AskedResources asked)
    {
        if (request.Authority.Hostname is { } hostname)
        {
            // A namesake in another namespace, learnt for another pod, does not answer which service is this one's.
            ServiceKey key = KeyOf(hostname, request.Local);
            return snapshot.FindService(key) is null ? asked.Unasked("service", ResourceName.Of(key)) : null;
        }

        if (ForeignAddress(request, arrival) is not { } ip)
        {
            return null;
        }

        return asked.Lacks(snapshot, "destination", options.Network, ip)
            ?? (WaypointOf(snapshot, ip) is { } waypoint ? asked.Lacks(snapshot, "waypoint", waypoint) : null);
    }

    /// <summary>The authority's address when only a waypoint could be meant by it: not the pod's own, and the pod has no application tunnel.</summary>
    private static MeshIp? ForeignAddress(in InboundRequest request, MeshIp arrival) =>
        request.Authority.Ip is { } ip && ip != arrival && request.Local.ApplicationTunnel is null ? ip : null;

    private GatewayAddress? WaypointOf(MeshSnapshot snapshot, MeshIp ip)
    {
        AddressMatch match = snapshot.FindAddress(options.Network, ip, clientNamespace: null);
        return match.Workload?.Waypoint ?? match.Service?.Waypoint;
    }

    /// <summary>A host name alone names no service: it is the pod's own service of that name, else one of the pod's namespace.</summary>
    private static ServiceKey KeyOf(string hostname, Workload local)
    {
        ServiceKey? own = null;
        foreach (ServiceMembership membership in local.Services)
        {
            if (string.Equals(membership.Service.Hostname, hostname, StringComparison.OrdinalIgnoreCase)
                && (own is null || membership.Service.Namespace == local.Namespace))
            {
                own = membership.Service;
            }
        }

        return own ?? new ServiceKey(local.Namespace, hostname);
    }

    private static ushort TargetPortOf(MeshSnapshot snapshot, Workload local, Service service, ushort servicePort)
    {
        if (snapshot.EndpointsOf(service.Key).Find(local.Uid)?.Ports.TryGetTarget(servicePort, out ushort mapped) == true)
        {
            return mapped;
        }

        return service.Ports.TryGetTarget(servicePort, out ushort target) ? target : (ushort)0;
    }

    private InboundRoute Forward(MeshSnapshot snapshot, in InboundRequest request, MeshIp arrival, ushort port, Service? named)
    {
        ApplicationTunnel? tunnel = request.Local.ApplicationTunnel;
        IPEndPoint upstream = arrival.WithPort(tunnel?.Port ?? port);
        Service? reported = DestinationServiceChoice.Pick(snapshot, request, named, port);
        ForwardRoute direct = new(upstream) { DestinationIp = arrival, ResolvedPort = port, DestinationService = reported };
        if (tunnel?.Protocol != ApplicationTunnelProtocol.Proxy)
        {
            return direct;
        }

        if (ProxyDestinationOf(request.Authority, named) is not { } proxyDestination)
        {
            return new RefusedRequest(
                ServiceUnavailable,
                FailureReason.NoRoute,
                $"no virtual address for hostname: {request.Authority.Hostname}",
                "a PROXY header needs a destination address, and the service has none");
        }

        if (!options.TunnelToLoopback)
        {
            return direct with { ProxyDestination = proxyDestination };
        }

        IPAddress loopback = arrival.IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        return direct with
        {
            Upstream = new IPEndPoint(loopback, upstream.Port),
            LoopbackSource = loopback,
            ProxyDestination = proxyDestination,
        };
    }

    /// <summary>The authority's address, or a virtual address of the named service: own network and IPv4 first, then own network, then any.</summary>
    private IPEndPoint? ProxyDestinationOf(InboundAuthority authority, Service? named)
    {
        if (authority.Ip is { } ip)
        {
            return ip.WithPort(authority.Port);
        }

        NetworkAddress? best = null;
        int bestRank = -1;
        foreach (NetworkAddress vip in named!.Vips)
        {
            int rank = vip.Network != options.Network ? 0 : vip.Ip.IsIPv6 ? 1 : 2;
            if (rank > bestRank)
            {
                best = vip;
                bestRank = rank;
            }
        }

        return best?.Ip.WithPort(authority.Port);
    }
}
