using Ambient.Mesh.Addresses;
using Ambient.Mesh.Collections;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.State;

/// <summary>Which of several services on one address or host name a client means (node-proxy 2.3.1).</summary>
internal static class ServiceChoice
{
    /// <summary>The client's own namespace, else canonical (the last one inserted), else the preferred namespace, else the first.</summary>
    /// <param name="clusterSuffix">When given, services without a virtual address count only if their name ends so.</param>
    public static Service? Exact(
        Bucket<Service> services, string? clientNamespace, string? preferredNamespace, string? clusterSuffix = null)
    {
        Service? canonical = null;
        Service? preferred = null;
        Service? first = null;
        for (int index = 0; index < services.Count; index++)
        {
            Service service = services[index];
            if (!service.IsVisibleTo(clientNamespace) || (clusterSuffix is not null && !HasOwnAnswer(service, clusterSuffix)))
            {
                continue;
            }

            if (service.Namespace == clientNamespace)
            {
                return service;
            }

            canonical = service.Canonical ? service : canonical;
            preferred ??= preferredNamespace is not null && service.Namespace == preferredNamespace ? service : null;
            first ??= service;
        }

        return canonical ?? preferred ?? first;
    }

    /// <summary>The highest of (in the client's namespace, prefix length, canonical): the namespace beats a longer prefix.</summary>
    public static Service? Cidr(MeshIndexes indexes, string network, MeshIp ip, string? clientNamespace)
    {
        if (!indexes.CidrLengths.TryGetValue(new NetworkFamily(network, ip.IsIPv6), out PrefixLengths? lengths))
        {
            return null;
        }

        Service? longest = null;
        foreach (int length in lengths.LongestFirst)
        {
            _ = IpPrefix.TryCreate(ip.Mask(length), length, out IpPrefix prefix);
            if (!indexes.ServicesByCidr.TryGetValue(new NetworkPrefix(network, prefix), out Bucket<Service> services))
            {
                continue;
            }

            Service? own = BestOf(services, clientNamespace, ownNamespaceOnly: true);
            if (own is not null)
            {
                return own;
            }

            longest ??= BestOf(services, clientNamespace, ownNamespaceOnly: false);
        }

        return longest;
    }

    private static bool HasOwnAnswer(Service service, string clusterSuffix) =>
        !service.Vips.IsEmpty || service.Hostname.EndsWith(clusterSuffix, StringComparison.OrdinalIgnoreCase);

    private static Service? BestOf(Bucket<Service> services, string? clientNamespace, bool ownNamespaceOnly)
    {
        Service? best = null;
        for (int index = 0; index < services.Count; index++)
        {
            Service service = services[index];
            bool eligible = ownNamespaceOnly
                ? clientNamespace is not null && service.Namespace == clientNamespace
                : service.IsVisibleTo(clientNamespace);
            if (eligible && (best is null || (service.Canonical && !best.Canonical)))
            {
                best = service;
            }
        }

        return best;
    }
}
