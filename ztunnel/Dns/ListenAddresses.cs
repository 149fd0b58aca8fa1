using System.Net;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Dns;

/// <summary>Where each pod's DNS proxy listens (node-proxy 8.1).</summary>
internal sealed class ListenAddresses
{
    public ListenAddresses(BindAddress address, bool hasIPv6)
    {
        All = address.Scope == BindScope.Address
            ? [(new IPEndPoint(address.Address!, address.Port), false)]
            : [(new IPEndPoint(IPAddress.Loopback, address.Port), false)];
        if (address.Scope == BindScope.Localhost && hasIPv6)
        {
            All = [.. All, (new IPEndPoint(IPAddress.IPv6Loopback, address.Port), true)];
        }
    }

    /// <summary>An optional one is left out where the namespace does not have it.</summary>
    public IReadOnlyList<(IPEndPoint Address, bool IsOptional)> All { get; }
}
