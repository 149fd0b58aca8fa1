using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Dns;

/// <summary>Answers questions about names of the mesh (node-proxy 8.2, 8.3). Pure: one snapshot in, records out.</summary>
/// <param name="names">Finds the service.</param>
/// <param name="hasIPv6">False gives no IPv6 address to anybody.</param>
public sealed class MeshAnswers(ServiceNames names, bool hasIPv6)
{
    /// <summary>In seconds (node-proxy 8.1).</summary>
    public const uint Ttl = 30;

    /// <summary>Null when the question is not the mesh's to answer: another type or class, or a name that it does not know.</summary>
    /// <param name="mesh">The services and endpoints.</param>
    /// <param name="client">Who asks: its namespace and network decide.</param>
    /// <param name="random">Shuffles the records.</param>
    public MeshAnswer? Find(MeshSnapshot mesh, Workload client, DnsQuestion question, Random random)
    {
        if (question is not { Type: DnsType.A or DnsType.Aaaa, Class: DnsClass.Internet }
            || question.Name.ToHostname() is not { } hostname
            || names.Find(mesh, client.Namespace, hostname) is not { } match)
        {
            return null;
        }

        bool wantsIPv6 = question.Type == DnsType.Aaaa;
        if ((wantsIPv6 && !hasIPv6) || !Supports(match.Service, wantsIPv6))
        {
            return new MeshAnswer([], IsSupported: false);
        }

        List<MeshIp> addresses = AddressesOf(mesh, client, match.Service, wantsIPv6);
        random.Shuffle(CollectionsMarshal.AsSpan(addresses));
        return new MeshAnswer(addresses.Count == 0 ? [] : Records(question, match, addresses), IsSupported: true);
    }

    private static bool Supports(Service service, bool wantsIPv6) => service.IpFamilies switch
    {
        IpFamilies.IPv4 => !wantsIPv6,
        IpFamilies.IPv6 => wantsIPv6,
        _ => true,
    };

    /// <summary>A service without virtual addresses has those of its endpoints, whatever their network (node-proxy 13.11).</summary>
    private static List<MeshIp> AddressesOf(MeshSnapshot mesh, Workload client, Service service, bool wantsIPv6)
    {
        List<MeshIp> addresses = [];
        foreach (NetworkAddress vip in service.Vips)
        {
            if (vip.Network == client.Network && vip.Ip.IsIPv6 == wantsIPv6)
            {
                addresses.Add(vip.Ip);
            }
        }

        if (service.Vips.IsEmpty)
        {
            foreach (Endpoint endpoint in mesh.EndpointsOf(service.Key).All)
            {
                MeshIp first = endpoint.Workload.Addresses.FirstOrDefault(address => address.IsIPv6 == wantsIPv6);
                if (first.IsValid)
                {
                    addresses.Add(first);
                }
            }
        }

        return addresses;
    }

    private static ImmutableArray<DnsRecord> Records(DnsQuestion question, ServiceNameMatch match, List<MeshIp> addresses)
    {
        ImmutableArray<DnsRecord>.Builder records = ImmutableArray.CreateBuilder<DnsRecord>(addresses.Count + 1);
        DnsName owner = question.Name;
        if (!match.IsWildcard && match.StrippedName is { } stripped && DnsName.TryParse(stripped, out DnsName target))
        {
            records.Add(DnsRecord.CanonicalName(owner, target, Ttl));
            owner = target;
        }

        foreach (MeshIp address in addresses)
        {
            records.Add(DnsRecord.Address(owner, address, Ttl));
        }

        return records.DrainToImmutable();
    }
}
