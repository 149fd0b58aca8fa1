using System.Net;
using System.Net.Sockets;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Resolves a next hop that has a name only, with the system's resolver (node-proxy 2.3.4).</summary>
internal static class HostnameResolver
{
    public static async ValueTask<OutboundRoute> ResolveAsync(HostnameRoute route)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await System.Net.Dns.GetHostAddressesAsync(route.Hostname);
        }
        catch (SocketException)
        {
            return route.Unresolved();
        }

        AddressFamily wanted = route.PrefersIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        IPAddress[] preferred = Array.FindAll(addresses, address => address.AddressFamily == wanted);
        IPAddress[] candidates = preferred.Length > 0 ? preferred : addresses;
        return candidates.Length == 0 ? route.Unresolved() : route.Complete(candidates[Random.Shared.Next(candidates.Length)]);
    }
}
