using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Pods;

namespace Ambient.Ztunnel.Socks;

/// <summary>Resolves the host names of SOCKS requests: a service of the mesh by its virtual address on the caller's network, else as the system would.</summary>
internal sealed class SocksNames(Func<string, ValueTask<ResolvedAddresses>> system)
{
    /// <summary>Null when the name has no address of the family.</summary>
    /// <param name="local">The pod that asks.</param>
    /// <param name="hostname">Any case, with or without a final dot.</param>
    /// <param name="wantsIPv6">As the client's own socket.</param>
    public async ValueTask<IPAddress?> FindAsync(LocalWorkload local, string hostname, bool wantsIPv6)
    {
        string name = hostname.TrimEnd('.').ToLowerInvariant();
        if (await local.FindAsync() is { } client
            && local.Snapshot.FindServiceByHostname(name, client.Namespace) is { Vips.IsEmpty: false } service)
        {
            return VirtualAddress(service, client, wantsIPv6);
        }

        AddressFamily family = wantsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        ResolvedAddresses found = await system(hostname);
        return found.Addresses.FirstOrDefault(address => address.AddressFamily == family);
    }

    private static IPAddress? VirtualAddress(Service service, Workload client, bool wantsIPv6)
    {
        foreach (NetworkAddress vip in service.Vips)
        {
            if (vip.Network == client.Network && vip.Ip.IsIPv6 == wantsIPv6)
            {
                return vip.Ip.ToIPAddress();
            }
        }

        return null;
    }
}
