using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using YamlDotNet.Core;

namespace Ambient.Mesh.LocalFile;

/// <summary>A service while its keys are being read.</summary>
internal sealed class ServiceDraft
{
    public Mark Start { get; init; }

    public string? Name { get; set; }

    public string? Namespace { get; set; }

    public string? Hostname { get; set; }

    public ImmutableArray<NetworkAddress> Vips { get; set; } = [];

    public ImmutableArray<NetworkPrefix> CidrVips { get; set; } = [];

    public PortMap Ports { get; set; } = PortMap.Empty;

    public List<EndpointDraft> Endpoints { get; } = [];

    public ImmutableArray<string> SubjectAltNames { get; set; } = [];

    public GatewayAddress? Waypoint { get; set; }

    public ImmutableArray<WeightedWaypoint> WeightedWaypoints { get; set; } = [];

    public LoadBalancer? LoadBalancer { get; set; }

    public IpFamilies? IpFamilies { get; set; }

    public bool Canonical { get; set; }

    public Visibility? Visibility { get; set; }

    public Service ToService() => new()
    {
        Name = Name ?? string.Empty,
        Namespace = Namespace ?? string.Empty,
        Hostname = Hostname ?? string.Empty,
        Vips = Vips,
        CidrVips = CidrVips,
        Ports = Ports,
        SubjectAltNames = SubjectAltNames,
        Waypoint = Waypoint,
        WeightedWaypoints = WeightedWaypoints,
        LoadBalancer = LoadBalancer,
        IpFamilies = IpFamilies,
        Canonical = Canonical,
        Visibility = Visibility ?? Services.Visibility.Public,
    };
}
