using Ambient.Mesh.Addresses;
using Ambient.Mesh.Collections;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.State;

/// <summary>
/// Everything the proxy knows of the mesh at one moment: immutable, safe to read from any thread, and cheap to derive a changed one
/// from (<see cref="ToBuilder"/>), since unchanged parts are shared. Lookups allocate nothing.
/// </summary>
public sealed class MeshSnapshot
{
    private readonly MeshIndexes _indexes;

    internal MeshSnapshot(MeshIndexes indexes, string? nodeName)
    {
        _indexes = indexes;
        NodeName = nodeName;
    }

    public static MeshSnapshot Empty { get; } = new(new MeshIndexes(), nodeName: null);

    /// <summary>The node whose workloads are local; null makes every workload local (node-proxy 3.9).</summary>
    public string? NodeName { get; }

    public int WorkloadCount => _indexes.Numbers.Count;

    public int ServiceCount => _indexes.Services.Count;

    public int PolicyCount => _indexes.Policies.Count;

    /// <summary>In no particular order.</summary>
    public IEnumerable<Workload> Workloads => _indexes.Numbers.Select(pair => At(pair.Value));

    /// <summary>In no particular order.</summary>
    public IEnumerable<Service> Services => _indexes.Services.Select(pair => pair.Value);

    /// <summary>The workloads of this node, in no particular order.</summary>
    public IEnumerable<Workload> LocalWorkloads
    {
        get
        {
            foreach (KeyValuePair<LocalWorkloadKey, Bucket<Workload>> pair in _indexes.LocalWorkloads)
            {
                for (int index = 0; index < pair.Value.Count; index++)
                {
                    yield return pair.Value[index];
                }
            }
        }
    }

    /// <summary>Policies with the key they are known by, in no particular order.</summary>
    public IEnumerable<KeyValuePair<string, AuthorizationPolicy>> Policies => _indexes.Policies;

    /// <summary>Endpoints that wait for their service, in no particular order.</summary>
    public IEnumerable<KeyValuePair<ServiceKey, EndpointSet>> StagedEndpoints => _indexes.Staged;

    /// <summary>A builder that starts from this snapshot and leaves it unchanged.</summary>
    public MeshSnapshotBuilder ToBuilder() => new(_indexes.Copy(), NodeName);

    /// <summary>Whether the policies are the very same ones, so that established connections need no new evaluation (node-proxy 4.6).</summary>
    public bool HasSamePolicies(MeshSnapshot other) => ReferenceEquals(_indexes.Policies, other._indexes.Policies);

    /// <summary>Whether the workloads of this node are the very same ones.</summary>
    public bool HasSameLocalWorkloads(MeshSnapshot other) =>
        NodeName == other.NodeName && ReferenceEquals(_indexes.LocalWorkloads, other._indexes.LocalWorkloads);

    public Workload? FindWorkload(string uid) => _indexes.Numbers.TryGetValue(uid, out int number) ? At(number) : null;

    /// <summary>Of several workloads on one address: first one whose uid contains <c>//Pod/</c>, then one that speaks HBONE.</summary>
    public Workload? FindWorkload(string network, MeshIp ip)
    {
        if (!_indexes.NumbersByAddress.TryGetValue(new NetworkAddress(network, ip), out NumberBucket numbers))
        {
            return null;
        }

        Workload best = At(numbers[0]);
        for (int index = 1; index < numbers.Count; index++)
        {
            Workload other = At(numbers[index]);
            best = OverlapRank(other) > OverlapRank(best) ? other : best;
        }

        return best;
    }

    public Workload? FindWorkloadByHostname(ServiceKey hostname) =>
        _indexes.WorkloadsByHostname.TryGetValue(hostname, out Bucket<Workload> workloads) ? workloads[0] : null;

    public Workload? FindLocalWorkload(LocalWorkloadKey key) =>
        _indexes.LocalWorkloads.TryGetValue(key, out Bucket<Workload> workloads) ? workloads[0] : null;

    public Service? FindService(ServiceKey key) => _indexes.Services.GetValueOrDefault(key);

    /// <summary>
    /// The service on a virtual address, exact before CIDR (node-proxy 2.3.1).
    /// </summary>
    /// <param name="network">The network of the address.</param>
    /// <param name="ip">The virtual address.</param>
    /// <param name="clientNamespace">Preferred, and the one that visibility is judged for; null enforces no visibility.</param>
    public Service? FindServiceByVip(string network, MeshIp ip, string? clientNamespace)
    {
        if (_indexes.ServicesByVip.TryGetValue(new NetworkAddress(network, ip), out Bucket<Service> services)
            && ServiceChoice.Exact(services, clientNamespace, preferredNamespace: null) is { } exact)
        {
            return exact;
        }

        return ServiceChoice.Cidr(_indexes, network, ip, clientNamespace);
    }

    /// <summary>The best service of a host name; <paramref name="preferredNamespace"/> is PREFERED_SERVICE_NAMESPACE.</summary>
    public Service? FindServiceByHostname(string hostname, string? clientNamespace, string? preferredNamespace = null) =>
        _indexes.ServicesByHostname.TryGetValue(hostname.ToLowerInvariant(), out Bucket<Service> services)
            ? ServiceChoice.Exact(services, clientNamespace, preferredNamespace)
            : null;

    /// <summary>
    /// As <see cref="FindServiceByHostname"/>, among the services whose name the mesh itself resolves: those with a virtual address, and
    /// those of the cluster, whose endpoints are known (node-proxy 8.2).
    /// </summary>
    /// <param name="hostname">In lower case.</param>
    /// <param name="clusterSuffix">What the names of the cluster's own services end with, such as <c>.svc.cluster.local</c>.</param>
    public Service? FindNamedService(string hostname, string clientNamespace, string? preferredNamespace, string clusterSuffix) =>
        _indexes.ServicesByHostname.TryGetValue(hostname, out Bucket<Service> services)
            ? ServiceChoice.Exact(services, clientNamespace, preferredNamespace, clusterSuffix)
            : null;

    /// <summary>A workload with that address, else a service with that virtual address (node-proxy 2.3 step 1).</summary>
    public AddressMatch FindAddress(string network, MeshIp ip, string? clientNamespace) =>
        FindWorkload(network, ip) is { } workload
            ? new AddressMatch(workload, null)
            : new AddressMatch(null, FindServiceByVip(network, ip, clientNamespace));

    /// <summary>
    /// Whether an address is known as that of a workload or as a virtual address. One that only lies in a service's range may yet be
    /// either, and both come before the range (node-proxy 2.3.1).
    /// </summary>
    public bool HasAddress(string network, MeshIp ip)
    {
        NetworkAddress address = new(network, ip);
        return _indexes.NumbersByAddress.ContainsKey(address) || _indexes.ServicesByVip.ContainsKey(address);
    }

    /// <summary>What a gateway reference names: by address a workload, else a service; by host name a service, else a workload.</summary>
    public AddressMatch FindGateway(GatewayAddress gateway)
    {
        if (gateway.Address is { } address)
        {
            return FindAddress(address.Network, address.Ip, clientNamespace: null);
        }

        ServiceKey hostname = gateway.Hostname!.Value;
        return FindService(hostname) is { } service
            ? new AddressMatch(null, service)
            : new AddressMatch(FindWorkloadByHostname(hostname), null);
    }

    /// <summary>The endpoints that the service's health policy admits.</summary>
    public EndpointSet EndpointsOf(ServiceKey service) => _indexes.Endpoints.GetValueOrDefault(service) ?? EndpointSet.Empty;

    public AuthorizationPolicy? FindPolicy(string key) => _indexes.Policies.GetValueOrDefault(key);

    /// <summary>Policies of a namespace, or the global ones for "".</summary>
    public ReadOnlySpan<AuthorizationPolicy> PoliciesOfNamespace(string @namespace) =>
        _indexes.PoliciesByNamespace.GetValueOrDefault(@namespace);

    private Workload At(int number) => _indexes.Workloads[number]!;

    private static int OverlapRank(Workload workload) =>
        (workload.Uid.Contains("//Pod/", StringComparison.Ordinal) ? 2 : 0) + (workload.Protocol == TunnelProtocol.Hbone ? 1 : 0);
}
