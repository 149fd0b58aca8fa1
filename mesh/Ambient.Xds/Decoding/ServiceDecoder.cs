using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Xds.Messages;

namespace Ambient.Xds.Decoding;

/// <summary>Services (node-proxy 3.7.4).</summary>
internal sealed class ServiceDecoder(Interning interning, GatewayDecoder gateways)
{
    /// <exception cref="InvalidResourceException">A field has a value that must not be guessed at.</exception>
    public Service Decode(ServiceMessage message)
    {
        (ImmutableArray<NetworkAddress> vips, ImmutableArray<NetworkPrefix> cidrs) = DecodeAddresses(message.Addresses);
        return new Service
        {
            Name = interning.Text(message.Name),
            Namespace = interning.Text(message.Namespace),
            Hostname = interning.Text(message.Hostname),
            Vips = vips,
            CidrVips = cidrs,
            Ports = gateways.Ports(message.Ports),
            SubjectAltNames = [.. message.SubjectAltNames.Select(interning.Text)],
            Waypoint = gateways.Decode(message.Waypoint),
            WeightedWaypoints = [.. message.WeightedWaypoints.Select(DecodeWeighted)],
            LoadBalancer = DecodeLoadBalancer(message.LoadBalancing),
            IpFamilies = DecodeFamilies(message.IpFamilies),
            Canonical = message.Canonical,
            Visibility = message.Visibility == VisibilityValue.VisibilityNamespace ? Visibility.Namespace : Visibility.Public,
        };
    }

    private (ImmutableArray<NetworkAddress> Vips, ImmutableArray<NetworkPrefix> Cidrs) DecodeAddresses(
        IReadOnlyList<NetworkAddressMessage> addresses)
    {
        List<NetworkAddress> vips = [];
        List<NetworkPrefix> cidrs = [];
        foreach (NetworkAddressMessage address in addresses)
        {
            string network = interning.Text(address.Network);
            MeshIp ip = GatewayDecoder.Ip(address.Address);
            if (!address.HasLength || address.Length == ip.BitLength)
            {
                vips.Add(new NetworkAddress(network, ip));
            }
            else if (address.Length < ip.BitLength && IpPrefix.TryCreate(ip, (int)address.Length, out IpPrefix prefix))
            {
                cidrs.Add(new NetworkPrefix(network, prefix));
            }
            else
            {
                throw new InvalidResourceException($"prefix length {address.Length} of {ip}");
            }
        }

        return ([.. vips], [.. cidrs]);
    }

    private WeightedWaypoint DecodeWeighted(WeightedWaypointMessage waypoint) => new(
        gateways.Decode(waypoint.Destination) ?? throw new InvalidResourceException("weighted waypoint without a destination"),
        waypoint.Weight);

    private static LoadBalancer? DecodeLoadBalancer(LoadBalancing? balancing) => balancing is null
        ? null
        : new LoadBalancer(
            [.. balancing.RoutingPreference.Select(DecodeScope)],
            balancing.Mode switch
            {
                LoadBalancing.Types.Mode.UnspecifiedMode => LoadBalancerMode.Standard,
                LoadBalancing.Types.Mode.Strict => LoadBalancerMode.Strict,
                LoadBalancing.Types.Mode.Failover => LoadBalancerMode.Failover,
                LoadBalancing.Types.Mode.Passthrough => LoadBalancerMode.Passthrough,
                _ => throw new InvalidResourceException($"unknown load balancing mode {(int)balancing.Mode}"),
            },
            balancing.HealthPolicy switch
            {
                LoadBalancing.Types.HealthPolicy.OnlyHealthy => HealthPolicy.OnlyHealthy,
                LoadBalancing.Types.HealthPolicy.AllowAll => HealthPolicy.AllowAll,
                _ => throw new InvalidResourceException($"unknown health policy {(int)balancing.HealthPolicy}"),
            });

    private static RoutingScope DecodeScope(LoadBalancing.Types.Scope scope) => scope switch
    {
        LoadBalancing.Types.Scope.Region => RoutingScope.Region,
        LoadBalancing.Types.Scope.Zone => RoutingScope.Zone,
        LoadBalancing.Types.Scope.Subzone => RoutingScope.Subzone,
        LoadBalancing.Types.Scope.Node => RoutingScope.Node,
        LoadBalancing.Types.Scope.Cluster => RoutingScope.Cluster,
        LoadBalancing.Types.Scope.Network => RoutingScope.Network,
        _ => throw new InvalidResourceException($"unknown routing preference {(int)scope}"),
    };

    private static IpFamilies? DecodeFamilies(IpFamiliesValue families) => families switch
    {
        IpFamiliesValue.IpFamiliesAutomatic => null,
        IpFamiliesValue.IpFamiliesIpv4Only => IpFamilies.IPv4,
        IpFamiliesValue.IpFamiliesIpv6Only => IpFamilies.IPv6,
        IpFamiliesValue.IpFamiliesDual => IpFamilies.Dual,
        _ => throw new InvalidResourceException($"unknown address families {(int)families}"),
    };
}
