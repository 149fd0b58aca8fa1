using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Collections;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.State;

/// <summary>
/// The indexes of node-proxy 3.9. The maps are immutable; only a builder, on its own copy of this object, replaces them.
/// </summary>
internal sealed class MeshIndexes
{
    /// <summary>
    /// The number of each uid. It stands for the workload in the indexes for as long as the uid is known, whatever becomes of its other fields: an
    /// update then changes <see cref="Workloads"/> and leaves this and the addresses as they are.
    /// </summary>
    public PersistentMap<string, int> Numbers { get; set; } = PersistentMap<string, int>.Empty;

    /// <summary>By number.</summary>
    public PersistentVector<Workload> Workloads { get; set; } = PersistentVector<Workload>.Empty;

    /// <summary>Numbers that were given up, to be used again before a new one.</summary>
    public ImmutableStack<int> FreeNumbers { get; set; } = [];

    /// <summary>Numbers of workloads, without host-network ones. Several workloads on one address are all kept.</summary>
    public PersistentMap<NetworkAddress, NumberBucket> NumbersByAddress { get; set; } = PersistentMap<NetworkAddress, NumberBucket>.Empty;

    public PersistentMap<ServiceKey, Bucket<Workload>> WorkloadsByHostname { get; set; } =
        PersistentMap<ServiceKey, Bucket<Workload>>.Empty;

    public PersistentMap<LocalWorkloadKey, Bucket<Workload>> LocalWorkloads { get; set; } =
        PersistentMap<LocalWorkloadKey, Bucket<Workload>>.Empty;

    public PersistentMap<ServiceKey, Service> Services { get; set; } = PersistentMap<ServiceKey, Service>.Empty;

    public PersistentMap<ServiceKey, EndpointSet> Endpoints { get; set; } = PersistentMap<ServiceKey, EndpointSet>.Empty;

    public PersistentMap<string, Bucket<Service>> ServicesByHostname { get; set; } = PersistentMap<string, Bucket<Service>>.Empty;

    public PersistentMap<NetworkAddress, Bucket<Service>> ServicesByVip { get; set; } =
        PersistentMap<NetworkAddress, Bucket<Service>>.Empty;

    public PersistentMap<NetworkPrefix, Bucket<Service>> ServicesByCidr { get; set; } =
        PersistentMap<NetworkPrefix, Bucket<Service>>.Empty;

    public PersistentMap<NetworkFamily, PrefixLengths> CidrLengths { get; set; } = PersistentMap<NetworkFamily, PrefixLengths>.Empty;

    /// <summary>Endpoints whose service is not known yet.</summary>
    public PersistentMap<ServiceKey, EndpointSet> Staged { get; set; } = PersistentMap<ServiceKey, EndpointSet>.Empty;

    public PersistentMap<string, AuthorizationPolicy> Policies { get; set; } = PersistentMap<string, AuthorizationPolicy>.Empty;

    /// <summary>By namespace, "" for global ones; without those that a workload must name.</summary>
    public PersistentMap<string, AuthorizationPolicy[]> PoliciesByNamespace { get; set; } =
        PersistentMap<string, AuthorizationPolicy[]>.Empty;

    public MeshIndexes Copy() => (MeshIndexes)MemberwiseClone();
}
