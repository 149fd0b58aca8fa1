using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Workloads;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Resolves a next hop that has a name only, with the system's resolver (node-proxy 2.3.4).</summary>
internal sealed class HostnameResolver(Func<string, ValueTask<ResolvedAddresses>> system, OnDemandDnsMetric metric)
{
    public async ValueTask<OutboundRoute> ResolveAsync(HostnameRoute route, Workload source)
    {
        metric.Count(source, route.Hostname);
        ResolvedAddresses found = await system(route.Hostname);
        AddressFamily wanted = route.PrefersIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        IPAddress[] preferred = [.. found.Addresses.Where(address => address.AddressFamily == wanted)];
        IReadOnlyList<IPAddress> candidates = preferred.Length > 0 ? preferred : found.Addresses;
        return candidates.Count == 0 ? route.Unresolved(found.Error) : route.Complete(candidates[Random.Shared.Next(candidates.Count)]);
    }
}
