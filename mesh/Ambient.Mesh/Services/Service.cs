using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Services;

/// <summary>
/// A named set of endpoints behind virtual addresses (node-proxy 3.7.4). Immutable; its endpoints are not part of it, they are
/// asked of the snapshot, so that one endpoint's change does not replace the service in every index.
/// </summary>
public sealed record Service
{
    public string Name { get; init; } = string.Empty;

    public required string Namespace { get; init; }

    public required string Hostname { get; init; }

    public ImmutableArray<NetworkAddress> Vips { get; init; } = [];

    public ImmutableArray<NetworkPrefix> CidrVips { get; init; } = [];

    public PortMap Ports { get; init; } = PortMap.Empty;

    /// <summary>As given; entries that are no SPIFFE identity stay here but are not in <see cref="Identities"/>.</summary>
    public ImmutableArray<string> SubjectAltNames
    {
        get;
        init
        {
            field = value;
            Identities = ParseIdentities(value);
        }
    } = [];

    /// <summary>The parseable subject alternative names, in order: the first part of the expected identities (node-proxy 1.1.2).</summary>
    public ImmutableArray<SpiffeId> Identities { get; private init; } = [];

    public GatewayAddress? Waypoint { get; init; }

    public ImmutableArray<WeightedWaypoint> WeightedWaypoints { get; init; } = [];

    public LoadBalancer? LoadBalancer { get; init; }

    /// <summary>Null is no restriction.</summary>
    public IpFamilies? IpFamilies { get; init; }

    /// <summary>Preferred when several services share an address or a host name.</summary>
    public bool Canonical { get; init; }

    public Visibility Visibility { get; init; }

    public ServiceKey Key => new(Namespace, Hostname);

    public LoadBalancerMode Mode => LoadBalancer?.Mode ?? LoadBalancerMode.Standard;

    /// <summary>Whether an endpoint of that health may be among the service's endpoints.</summary>
    public bool Includes(HealthStatus status) =>
        status == HealthStatus.Healthy || LoadBalancer?.HealthPolicy == HealthPolicy.AllowAll;

    /// <summary>A client without a namespace sees everything (node-proxy 11.6).</summary>
    public bool IsVisibleTo(string? clientNamespace) =>
        clientNamespace is null || Visibility == Visibility.Public || clientNamespace == Namespace;

    public bool AllowsFamilyOf(MeshIp address) => IpFamilies switch
    {
        Services.IpFamilies.IPv4 => address.IsIPv4,
        Services.IpFamilies.IPv6 => address.IsIPv6,
        _ => true,
    };

    private static ImmutableArray<SpiffeId> ParseIdentities(ImmutableArray<string> names)
    {
        ImmutableArray<SpiffeId>.Builder identities = ImmutableArray.CreateBuilder<SpiffeId>(names.Length);
        foreach (string name in names)
        {
            if (SpiffeId.TryParse(name, out SpiffeId identity))
            {
                identities.Add(identity);
            }
        }

        return identities.DrainToImmutable();
    }
}
