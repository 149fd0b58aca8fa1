using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.Workloads;

/// <summary>One destination or source of traffic: usually a pod (node-proxy 3.7.3). Immutable; an update is a new object.</summary>
public sealed record Workload
{
    /// <summary>The primary key, e.g. <c>cluster//Pod/namespace/name</c>.</summary>
    public required string Uid { get; init; }

    public string Name { get; init; } = string.Empty;

    public string Namespace { get; init; } = string.Empty;

    public string TrustDomain { get; init; } = string.Empty;

    public string ServiceAccount { get; init; } = string.Empty;

    /// <summary>The network on which the addresses mean something; "" is the default one.</summary>
    public string Network { get; init; } = string.Empty;

    /// <summary>May be empty: the workload is then reached by <see cref="Hostname"/> or through <see cref="NetworkGateway"/>.</summary>
    public ImmutableArray<MeshIp> Addresses { get; init; } = [];

    public TunnelProtocol Protocol { get; init; }

    public NetworkMode NetworkMode { get; init; }

    public GatewayAddress? Waypoint { get; init; }

    public GatewayAddress? NetworkGateway { get; init; }

    public string Node { get; init; } = string.Empty;

    public string CanonicalName { get; init; } = string.Empty;

    public string CanonicalRevision { get; init; } = string.Empty;

    public WorkloadType WorkloadType { get; init; }

    public string WorkloadName { get; init; } = string.Empty;

    /// <summary>The workload terminates HBONE itself. Only certificate prefetch looks at it, never routing (node-proxy 2.3).</summary>
    public bool NativeTunnel { get; init; }

    public ApplicationTunnel? ApplicationTunnel { get; init; }

    /// <summary>Keys (<c>namespace/name</c>) of the selector policies that apply to this workload.</summary>
    public ImmutableArray<string> AuthorizationPolicies { get; init; } = [];

    public HealthStatus Status { get; init; }

    public string ClusterId { get; init; } = string.Empty;

    /// <summary>Resolved on demand when there is no address.</summary>
    public string Hostname { get; init; } = string.Empty;

    public Locality Locality { get; init; } = Locality.Unknown;

    public ImmutableArray<ServiceMembership> Services { get; init; } = [];

    /// <summary>Relative weight in load balancing; 0 receives none of it.</summary>
    public uint Capacity { get; init; } = 1;

    public SpiffeId Identity => new(TrustDomain, Namespace, ServiceAccount);

    public bool HasAddress(MeshIp address) => Addresses.AsSpan().Contains(address);

    /// <summary>An equal workload made of the parts of an older version where they are equal: what most updates leave as it was is then kept once.</summary>
    internal Workload SharingWith(Workload older) => this with
    {
        Uid = Uid == older.Uid ? older.Uid : Uid,
        Name = Name == older.Name ? older.Name : Name,
        Addresses = Addresses.AsSpan().SequenceEqual(older.Addresses.AsSpan()) ? older.Addresses : Addresses,
        Services = Services.AsSpan().SequenceEqual(older.Services.AsSpan()) ? older.Services : Services,
    };

    /// <summary>The workload's own port mapping for a service, or null when it is not an endpoint of it.</summary>
    public PortMap? PortsFor(ServiceKey service)
    {
        foreach (ServiceMembership membership in Services)
        {
            if (membership.Service == service)
            {
                return membership.Ports;
            }
        }

        return null;
    }
}
