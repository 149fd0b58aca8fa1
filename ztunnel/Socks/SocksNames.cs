using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Dns;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Pods;

namespace Ambient.Ztunnel.Socks;

/// <summary>Resolves the host names of SOCKS requests as the DNS proxy would (node-proxy 1.9, 8.2): by the mesh what it knows, all else by the system.</summary>
internal sealed class SocksNames(MeshAnswers mesh, Func<string, ValueTask<ResolvedAddresses>> system)
{
    public static SocksNames Of(ZtunnelOptions options, Func<string, ValueTask<ResolvedAddresses>> system)
    {
        ServiceNames names = new(options.Proxy.ClusterDomain, options.Proxy.PreferredServiceNamespace);
        return new SocksNames(new MeshAnswers(names, options.Listeners.Ipv6Enabled), system);
    }

    /// <summary>Null when the name has no address of the family.</summary>
    /// <param name="local">The pod that asks.</param>
    /// <param name="hostname">Any case, with or without a final dot.</param>
    /// <param name="wantsIPv6">As the client's own socket.</param>
    public async ValueTask<IPAddress?> FindAsync(LocalWorkload local, string hostname, bool wantsIPv6)
    {
        DnsType type = wantsIPv6 ? DnsType.Aaaa : DnsType.A;
        if (await local.FindAsync() is { } client
            && DnsName.TryParse(hostname, out DnsName name)
            && mesh.Find(local.Snapshot, client, new DnsQuestion(name, type), Random.Shared) is { } answer)
        {
            return FirstOf(answer);
        }

        AddressFamily family = wantsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        ResolvedAddresses found = await system(hostname);
        return found.Addresses.FirstOrDefault(address => address.AddressFamily == family);
    }

    private static IPAddress? FirstOf(MeshAnswer answer)
    {
        foreach (DnsRecord record in answer.Records)
        {
            if (record.TryGetAddress(out MeshIp address))
            {
                return address.ToIPAddress();
            }
        }

        return null;
    }
}
