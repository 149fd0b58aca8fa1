using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Routing;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.OnDemand;

namespace Ambient.Ztunnel.Outbound;

/// <summary>
/// Decides where an application's connection goes (node-proxy 2.3). Pure: it reads one snapshot and returns a value. The numbers in the
/// comments are the steps of the table there.
/// </summary>
internal sealed class OutboundRouter(OutboundRouterOptions options)
{
    private const string Waypoint = "waypoint";

    /// <summary>Whether the connection would come back to the proxy itself; to be refused before anything else (node-proxy 2.2 step 3).</summary>
    public bool IsRecursive(IPEndPoint destination) =>
        MeshIp.From(destination.Address).IsLoopback && options.Ports.Contains(destination.Port);

    /// <param name="snapshot">The state to look in.</param>
    /// <param name="request">The connection.</param>
    /// <param name="random">For weighted choices; where the mesh is learnt on demand, it must fall alike in every round.</param>
    /// <param name="asked">Where the mesh is learnt on demand: what was asked for already. Null when what the snapshot does not hold does not exist.</param>
    public OutboundRoute Decide(MeshSnapshot snapshot, OutboundRequest request, Random random, AskedResources? asked = null)
    {
        if (IsRecursive(request.Destination))
        {
            return new RefusedRoute(FailureReason.SelfCall, OwnPorts.RefusalError, OwnPorts.RefusalHint);
        }

        Input input = new(snapshot, request, MeshIp.From(request.Destination.Address), random, asked);
        if (input.Lacks("destination", options.Network) is { } unknown)
        {
            return new UndecidedRoute(unknown);
        }

        // Steps 1 to 3. Workloads come before services here and after them in step 4.
        Service? service = snapshot.FindAddress(options.Network, input.DestinationIp, input.Source.Namespace).Service;
        if (service is not null && GatewayResolver.PickWaypoint(service, random) is { } waypoint)
        {
            return ThroughServiceWaypoint(input, service, waypoint);
        }

        // Step 4.
        if (input.Lacks("destination", input.Source.Network) is { } unknownThere)
        {
            return new UndecidedRoute(unknownThere);
        }

        return AlongUpstream(input, service);
    }

    private OutboundRoute AlongUpstream(in Input input, Service? service)
    {
        Upstream? upstream = UpstreamResolver.Find(
            input.Snapshot, input.Source.Network, input.Source, input.DestinationIp, input.Port, EndpointResolution.Standard, input.Random);
        if (upstream is null)
        {
            return WithoutUpstream(input, service);
        }

        // Step 6.
        if (upstream.Workload.Network != input.Source.Network)
        {
            return service is null
                ? RoutingRefusals.NoService(input.Destination)
                : ThroughNetworkGateway(input, upstream, service);
        }

        // Step 7. Traffic to a service met the service's waypoint above, or has none.
        return service is null && upstream.Workload.Waypoint is { } waypoint
            ? ThroughWorkloadWaypoint(input, upstream, waypoint)
            : Direct(input, upstream);
    }

    private static OutboundRoute WithoutUpstream(in Input input, Service? service) =>
        service is not null && service.Mode != LoadBalancerMode.Passthrough
            ? RoutingRefusals.NoHealthyUpstream(input.Snapshot, service, input.Destination)
            : new PlainTcpRoute(input.Destination);

    private static OutboundRoute ThroughServiceWaypoint(in Input input, Service service, GatewayAddress waypoint)
    {
        if (input.Lacks(Waypoint, waypoint) is { } unknown)
        {
            return new UndecidedRoute(unknown) { IntendedService = service };
        }

        if (Resolve(input, waypoint, EndpointResolution.Waypoint) is not { } gateway)
        {
            return RoutingRefusals.UnknownWaypoint(waypoint) with { IntendedService = service };
        }

        return gateway.Upstream.Workload.Network != input.Source.Network
            ? ThroughNetworkGateway(input, gateway.Upstream, service)
            : TunnelTo(gateway, input.Destination.ToString(), service);
    }

    /// <summary>Unless the waypoint itself is calling: then it is where the traffic comes from, and step 8 follows.</summary>
    private OutboundRoute ThroughWorkloadWaypoint(in Input input, Upstream upstream, GatewayAddress waypoint)
    {
        if (input.Lacks(Waypoint, waypoint) is { } unknown)
        {
            return new UndecidedRoute(unknown) { IntendedService = upstream.Service };
        }

        MeshIp application = MeshIp.From(input.Request.Application.Address);
        if (GatewayResolver.IsFromWaypoint(input.Snapshot, upstream.Workload, input.Source.Identity, application))
        {
            return Direct(input, upstream);
        }

        return Resolve(input, waypoint, EndpointResolution.Waypoint) is { } gateway
            ? TunnelTo(gateway, input.Destination.ToString(), upstream.Service)
            : RoutingRefusals.UnknownWaypoint(waypoint) with { IntendedService = upstream.Service };
    }

    /// <summary>A waypoint or gateway is always reached by HBONE, whatever its workload says of itself (node-proxy 2.3.3).</summary>
    private static OutboundRoute TunnelTo(ResolvedGateway gateway, string authority, Service? intended)
    {
        Upstream next = gateway.Upstream;
        return AtAddress(next, gateway.Reference, intended, (next, authority, intended), static (hop, ip) =>
            new TunnelRoute(ip.WithPort(hop.next.Port), hop.authority, hop.next.ExpectedIdentities)
            {
                NextHop = hop.next.Workload,
                IntendedService = hop.intended,
            });
    }

    private static OutboundRoute ThroughNetworkGateway(in Input input, Upstream remote, Service service)
    {
        if (remote.Workload.NetworkGateway is not { } address)
        {
            return RoutingRefusals.NoValidDestination(remote.Workload) with { IntendedService = service };
        }

        if (input.Lacks("network gateway", address) is { } unknown)
        {
            return new UndecidedRoute(unknown) { IntendedService = service };
        }

        if (Resolve(input, address, EndpointResolution.Standard) is not { } gateway)
        {
            return RoutingRefusals.UnknownNetworkGateway(address) with { IntendedService = service };
        }

        Upstream next = gateway.Upstream;
        string authority = $"{service.Hostname}:{input.Port}";
        return AtAddress(
            next,
            gateway.Reference,
            service,
            (next, authority, remote, service),
            static (hop, ip) =>
                new DoubleTunnelRoute(ip.WithPort(hop.next.Port), hop.authority, hop.next.ExpectedIdentities, hop.remote.ServiceIdentities)
                {
                    NextHop = hop.next.Workload,
                    IntendedService = hop.service,
                });
    }

    /// <summary>Step 8.</summary>
    private OutboundRoute Direct(in Input input, Upstream upstream) => AtAddress(
        upstream, input.DestinationIp, upstream.Service, (upstream, options.HbonePort), static (hop, ip) => DirectTo(hop.upstream, ip, hop.HbonePort));

    private static OutboundRoute DirectTo(Upstream upstream, MeshIp ip, int hbonePort)
    {
        IPEndPoint target = ip.WithPort(upstream.Port);
        return upstream.Workload.Protocol == TunnelProtocol.Hbone
            ? new TunnelRoute(new IPEndPoint(target.Address, hbonePort), target.ToString(), upstream.ExpectedIdentities)
            {
                NextHop = upstream.Workload,
                IntendedService = upstream.Service,
            }
            : new PlainTcpRoute(target) { NextHop = upstream.Workload, IntendedService = upstream.Service };
    }

    /// <param name="hop">What <paramref name="route"/> needs; a closure would be made for every connection.</param>
    private static OutboundRoute AtAddress<T>(Upstream next, MeshIp asked, Service? intended, T hop, Func<T, MeshIp, OutboundRoute> route)
    {
        DestinationAddress address = DestinationAddress.Choose(next, asked);
        if (address.Ip is { } ip)
        {
            return route(hop, ip);
        }

        return address.Hostname is null
            ? RoutingRefusals.NoValidDestination(next.Workload) with { IntendedService = intended }
            : AfterResolution(address.Hostname, next, asked, intended, hop, route);
    }

    private static HostnameRoute AfterResolution<T>(
        string hostname, Upstream next, MeshIp asked, Service? intended, T hop, Func<T, MeshIp, OutboundRoute> route) =>
        new(hostname, asked.IsIPv6, ip => route(hop, ip)) { NextHop = next.Workload, IntendedService = intended };

    private static ResolvedGateway? Resolve(in Input input, GatewayAddress gateway, EndpointResolution resolution) =>
        GatewayResolver.Resolve(input.Snapshot, gateway, input.Source, input.DestinationIp, resolution, input.Random);

    private readonly record struct Input(
        MeshSnapshot Snapshot, OutboundRequest Request, MeshIp DestinationIp, Random Random, AskedResources? Asked)
    {
        public Workload Source => Request.Source;

        public IPEndPoint Destination => Request.Destination;

        public ushort Port => (ushort)Request.Destination.Port;

        /// <summary>The demand for the destination on a network; null when it is known, was asked for, or nothing needs to be asked.</summary>
        public ResourceDemand? Lacks(string role, string network) => Asked?.Lacks(Snapshot, role, network, DestinationIp);

        public ResourceDemand? Lacks(string role, GatewayAddress gateway) => Asked?.Lacks(Snapshot, role, gateway);
    }
}
