using Ambient.Mesh.Addresses;
using Ambient.Mesh.Collections;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.State;

/// <summary>
/// Applies changes one by one to a copy of a snapshot (node-proxy 3.8, 3.9). A change costs in proportion to itself, not to the mesh.
/// Not thread-safe. After <see cref="Build"/> the builder can go on; what was built stays as it was.
/// </summary>
public sealed class MeshSnapshotBuilder
{
    private readonly string? _nodeName;
    private MeshIndexes _indexes;
    private object _owner = new();

    /// <param name="nodeName">The node whose workloads are local; null makes every workload local.</param>
    public MeshSnapshotBuilder(string? nodeName = null)
        : this(new MeshIndexes(), nodeName)
    {
    }

    internal MeshSnapshotBuilder(MeshIndexes indexes, string? nodeName)
    {
        _indexes = indexes;
        _nodeName = nodeName;
    }

    public MeshSnapshot Build()
    {
        MeshSnapshot snapshot = new(_indexes, _nodeName);
        _indexes = _indexes.Copy();
        _owner = new object();
        return snapshot;
    }

    /// <summary>Replaces the workload of the same uid, if any, and makes it an endpoint of its services, known or still to come.</summary>
    public MeshSnapshotBuilder UpsertWorkload(Workload workload)
    {
        if (_indexes.Numbers.TryGetValue(workload.Uid, out int number))
        {
            Workload previous = _indexes.Workloads[number]!;
            workload = workload.SharingWith(previous);
            RemoveFromWorkloadIndexes(previous);
            if (!HasSameAddresses(workload, previous))
            {
                RemoveFromAddresses(previous, number);
                AddToAddresses(workload, number);
            }
        }
        else
        {
            number = TakeNumber();
            _indexes.Numbers = _indexes.Numbers.Set(workload.Uid, number, _owner);
            AddToAddresses(workload, number);
        }

        _indexes.Workloads = _indexes.Workloads.Set(number, workload, _owner);
        AddToWorkloadIndexes(workload);
        return this;
    }

    /// <summary>Removes the workload from every index and from its services. False when it is not known.</summary>
    public bool RemoveWorkload(string uid)
    {
        if (!_indexes.Numbers.TryGetValue(uid, out int number))
        {
            return false;
        }

        Workload workload = _indexes.Workloads[number]!;
        RemoveFromWorkloadIndexes(workload);
        RemoveFromAddresses(workload, number);
        _indexes.Numbers = _indexes.Numbers.Remove(uid, _owner);
        _indexes.Workloads = _indexes.Workloads.Set(number, null, _owner);
        _indexes.FreeNumbers = _indexes.FreeNumbers.Push(number);
        return true;
    }

    /// <summary>
    /// Replaces the service of the same key. Its endpoints stay, filtered again by the health policy, and staged ones join. An
    /// endpoint once excluded does not come back with a laxer policy until its workload is sent again (node-proxy 2.3.2).
    /// </summary>
    public MeshSnapshotBuilder UpsertService(Service service)
    {
        ServiceKey key = service.Key;
        if (_indexes.Services.TryGetValue(key, out Service? previous))
        {
            RemoveFromServiceIndexes(previous);
        }

        _indexes.Services = _indexes.Services.Set(key, service, _owner);
        AddToServiceIndexes(service);
        EndpointSet endpoints = _indexes.Endpoints.GetValueOrDefault(key) ?? EndpointSet.Empty;
        endpoints = endpoints.Where(endpoint => service.Includes(endpoint.Status), _owner);
        if (_indexes.Staged.TryGetValue(key, out EndpointSet? staged))
        {
            foreach (Endpoint endpoint in staged.All)
            {
                endpoints = service.Includes(endpoint.Status) ? endpoints.With(endpoint, _owner) : endpoints;
            }

            _indexes.Staged = _indexes.Staged.Remove(key, _owner);
        }

        SetEndpoints(key, endpoints);
        return this;
    }

    /// <summary>Discards the service with its endpoints; they return only when their workloads are sent again (node-proxy 3.8).</summary>
    public bool RemoveService(ServiceKey key)
    {
        if (!_indexes.Services.TryGetValue(key, out Service? service))
        {
            return false;
        }

        RemoveFromServiceIndexes(service);
        _indexes.Services = _indexes.Services.Remove(key, _owner);
        _indexes.Endpoints = _indexes.Endpoints.Remove(key, _owner);
        return true;
    }

    /// <summary>Removes what an address resource name stands for: a workload's uid, else <c>namespace/hostname</c> (node-proxy 3.8).</summary>
    public bool RemoveAddress(string name)
    {
        if (RemoveWorkload(name))
        {
            return true;
        }

        return ServiceKey.TryParse(name, out ServiceKey key)
            && !key.Hostname.Contains('/', StringComparison.Ordinal)
            && RemoveService(key);
    }

    public MeshSnapshotBuilder UpsertPolicy(AuthorizationPolicy policy) => UpsertPolicy(policy.Key, policy);

    /// <param name="key">The name by which workloads refer to it and by which it is removed.</param>
    /// <param name="policy">Replaces the policy of that key; a changed scope moves it between indexes.</param>
    public MeshSnapshotBuilder UpsertPolicy(string key, AuthorizationPolicy policy)
    {
        RemovePolicy(key);
        _indexes.Policies = _indexes.Policies.Set(key, policy, _owner);
        if (policy.Scope != PolicyScope.WorkloadSelector)
        {
            string scope = ScopeKeyOf(policy);
            AuthorizationPolicy[] present = _indexes.PoliciesByNamespace.GetValueOrDefault(scope) ?? [];
            _indexes.PoliciesByNamespace = _indexes.PoliciesByNamespace.Set(scope, [.. present, policy], _owner);
        }

        return this;
    }

    public bool RemovePolicy(string key)
    {
        if (!_indexes.Policies.TryGetValue(key, out AuthorizationPolicy? policy))
        {
            return false;
        }

        _indexes.Policies = _indexes.Policies.Remove(key, _owner);
        string scope = ScopeKeyOf(policy);
        if (policy.Scope != PolicyScope.WorkloadSelector && _indexes.PoliciesByNamespace.TryGetValue(scope, out AuthorizationPolicy[]? present))
        {
            AuthorizationPolicy[] rest = Array.FindAll(present, other => !ReferenceEquals(other, policy));
            _indexes.PoliciesByNamespace = rest.Length == 0
                ? _indexes.PoliciesByNamespace.Remove(scope, _owner)
                : _indexes.PoliciesByNamespace.Set(scope, rest, _owner);
        }

        return true;
    }

    private int TakeNumber()
    {
        if (_indexes.FreeNumbers.IsEmpty)
        {
            // As many are in use as were ever given out.
            return _indexes.Numbers.Count;
        }

        _indexes.FreeNumbers = _indexes.FreeNumbers.Pop(out int number);
        return number;
    }

    private static bool HasSameAddresses(Workload workload, Workload other) =>
        workload.Network == other.Network
        && workload.NetworkMode == other.NetworkMode
        && workload.Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

    private void AddToAddresses(Workload workload, int number)
    {
        if (workload.NetworkMode == NetworkMode.HostNetwork)
        {
            return;
        }

        foreach (MeshIp ip in workload.Addresses)
        {
            _indexes.NumbersByAddress = _indexes.NumbersByAddress.Add(new NetworkAddress(workload.Network, ip), number, _owner);
        }
    }

    private void RemoveFromAddresses(Workload workload, int number)
    {
        foreach (MeshIp ip in workload.Addresses)
        {
            _indexes.NumbersByAddress = _indexes.NumbersByAddress.Drop(new NetworkAddress(workload.Network, ip), number, _owner);
        }
    }

    private void AddToWorkloadIndexes(Workload workload)
    {
        if (workload.Hostname.Length > 0)
        {
            _indexes.WorkloadsByHostname = _indexes.WorkloadsByHostname.Add(HostnameOf(workload), workload, _owner);
        }

        if (IsLocal(workload))
        {
            _indexes.LocalWorkloads = _indexes.LocalWorkloads.Add(LocalKeyOf(workload), workload, _owner);
        }

        foreach (ServiceMembership membership in workload.Services)
        {
            AddEndpoint(membership.Service, new Endpoint(workload, membership.Ports));
        }
    }

    private void RemoveFromWorkloadIndexes(Workload workload)
    {
        _indexes.WorkloadsByHostname = _indexes.WorkloadsByHostname.Drop(HostnameOf(workload), workload, _owner);
        _indexes.LocalWorkloads = _indexes.LocalWorkloads.Drop(LocalKeyOf(workload), workload, _owner);
        foreach (ServiceMembership membership in workload.Services)
        {
            _indexes.Endpoints = WithoutEndpoint(_indexes.Endpoints, membership.Service, workload.Uid);
            _indexes.Staged = WithoutEndpoint(_indexes.Staged, membership.Service, workload.Uid);
        }
    }

    private void AddEndpoint(ServiceKey key, Endpoint endpoint)
    {
        if (!_indexes.Services.TryGetValue(key, out Service? service))
        {
            EndpointSet staged = _indexes.Staged.GetValueOrDefault(key) ?? EndpointSet.Empty;
            _indexes.Staged = _indexes.Staged.Set(key, staged.With(endpoint, _owner), _owner);
        }
        else if (service.Includes(endpoint.Status))
        {
            EndpointSet endpoints = _indexes.Endpoints.GetValueOrDefault(key) ?? EndpointSet.Empty;
            SetEndpoints(key, endpoints.With(endpoint, _owner));
        }
    }

    private void SetEndpoints(ServiceKey key, EndpointSet endpoints) =>
        _indexes.Endpoints = endpoints.Count == 0
            ? _indexes.Endpoints.Remove(key, _owner)
            : _indexes.Endpoints.Set(key, endpoints, _owner);

    private PersistentMap<ServiceKey, EndpointSet> WithoutEndpoint(
        PersistentMap<ServiceKey, EndpointSet> map, ServiceKey key, string uid)
    {
        if (!map.TryGetValue(key, out EndpointSet? endpoints))
        {
            return map;
        }

        EndpointSet rest = endpoints.Without(uid, _owner);
        return rest.Count == 0 ? map.Remove(key, _owner) : map.Set(key, rest, _owner);
    }

    private void AddToServiceIndexes(Service service)
    {
        _indexes.ServicesByHostname = _indexes.ServicesByHostname.Add(NameKeyOf(service.Hostname), service, _owner);
        foreach (NetworkAddress vip in service.Vips)
        {
            _indexes.ServicesByVip = _indexes.ServicesByVip.Add(vip, service, _owner);
        }

        foreach (NetworkPrefix cidr in MaskedCidrs(service))
        {
            NetworkFamily family = new(cidr.Network, cidr.Prefix.Address.IsIPv6);
            PrefixLengths lengths = _indexes.CidrLengths.GetValueOrDefault(family) ?? PrefixLengths.None;
            _indexes.ServicesByCidr = _indexes.ServicesByCidr.Add(cidr, service, _owner);
            _indexes.CidrLengths = _indexes.CidrLengths.Set(family, lengths.With(cidr.Prefix.Length), _owner);
        }
    }

    private void RemoveFromServiceIndexes(Service service)
    {
        _indexes.ServicesByHostname = _indexes.ServicesByHostname.Drop(NameKeyOf(service.Hostname), service, _owner);
        foreach (NetworkAddress vip in service.Vips)
        {
            _indexes.ServicesByVip = _indexes.ServicesByVip.Drop(vip, service, _owner);
        }

        foreach (NetworkPrefix cidr in MaskedCidrs(service))
        {
            NetworkFamily family = new(cidr.Network, cidr.Prefix.Address.IsIPv6);
            PrefixLengths lengths = (_indexes.CidrLengths.GetValueOrDefault(family) ?? PrefixLengths.None).Without(cidr.Prefix.Length);
            _indexes.ServicesByCidr = _indexes.ServicesByCidr.Drop(cidr, service, _owner);
            _indexes.CidrLengths = lengths.IsEmpty
                ? _indexes.CidrLengths.Remove(family, _owner)
                : _indexes.CidrLengths.Set(family, lengths, _owner);
        }
    }

    private static IEnumerable<NetworkPrefix> MaskedCidrs(Service service) =>
        service.CidrVips.Select(cidr => new NetworkPrefix(cidr.Network, cidr.Prefix.Masked)).Distinct();

    /// <summary>Host names are compared without regard to case (node-proxy 8.2).</summary>
    private static string NameKeyOf(string hostname) => hostname.ToLowerInvariant();

    private bool IsLocal(Workload workload) => _nodeName is null || workload.Node == _nodeName;

    private static ServiceKey HostnameOf(Workload workload) => new(workload.Namespace, workload.Hostname);

    private static LocalWorkloadKey LocalKeyOf(Workload workload) => new(workload.Namespace, workload.ServiceAccount, workload.Name);

    private static string ScopeKeyOf(AuthorizationPolicy policy) => policy.Scope == PolicyScope.Global ? string.Empty : policy.Namespace;
}
