using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using YamlDotNet.Core;

namespace Ambient.Mesh.LocalFile;

/// <summary>A workload while its keys are being read.</summary>
internal sealed class WorkloadDraft
{
    public Mark Start { get; init; }

    public string? Uid { get; set; }

    public string? Name { get; set; }

    public string? Namespace { get; set; }

    public string? TrustDomain { get; set; }

    public string? ServiceAccount { get; set; }

    public string? Network { get; set; }

    public ImmutableArray<MeshIp> Addresses { get; set; } = [];

    public TunnelProtocol? Protocol { get; set; }

    public NetworkMode? NetworkMode { get; set; }

    public GatewayAddress? Waypoint { get; set; }

    public GatewayAddress? NetworkGateway { get; set; }

    public string? Node { get; set; }

    public string? CanonicalName { get; set; }

    public string? CanonicalRevision { get; set; }

    public WorkloadType? WorkloadType { get; set; }

    public string? WorkloadName { get; set; }

    public bool NativeTunnel { get; set; }

    public ApplicationTunnel? ApplicationTunnel { get; set; }

    public ImmutableArray<string> AuthorizationPolicies { get; set; } = [];

    public HealthStatus? Status { get; set; }

    public string? ClusterId { get; set; }

    public string? Hostname { get; set; }

    public Locality Locality { get; set; } = Locality.Unknown;

    public List<ServiceMembership> Services { get; } = [];

    public uint? Capacity { get; set; }

    public Workload ToWorkload() => new()
    {
        Uid = Uid ?? string.Empty,
        Name = Name ?? string.Empty,
        Namespace = Namespace ?? string.Empty,
        TrustDomain = TrustDomain ?? string.Empty,
        ServiceAccount = ServiceAccount ?? string.Empty,
        Network = Network ?? string.Empty,
        Addresses = Addresses,
        Protocol = Protocol ?? TunnelProtocol.Tcp,
        NetworkMode = NetworkMode ?? Workloads.NetworkMode.Standard,
        Waypoint = Waypoint,
        NetworkGateway = NetworkGateway,
        Node = Node ?? string.Empty,
        CanonicalName = CanonicalName ?? string.Empty,
        CanonicalRevision = CanonicalRevision ?? string.Empty,
        WorkloadType = WorkloadType ?? Workloads.WorkloadType.Deployment,
        WorkloadName = WorkloadName ?? string.Empty,
        NativeTunnel = NativeTunnel,
        ApplicationTunnel = ApplicationTunnel,
        AuthorizationPolicies = AuthorizationPolicies,
        Status = Status ?? HealthStatus.Healthy,
        ClusterId = ClusterId ?? string.Empty,
        Hostname = Hostname ?? string.Empty,
        Locality = Locality,
        Services = [.. Services],
        Capacity = Capacity ?? 1,
    };
}
