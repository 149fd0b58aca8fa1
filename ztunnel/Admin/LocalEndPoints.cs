using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Admin;

/// <summary>The addresses behind <c>localhost:PORT</c> and <c>*:PORT</c> in this network namespace (node-proxy 2.1).</summary>
internal static class LocalEndPoints
{
    private const string LoopbackIpv6Switch = "/proc/sys/net/ipv6/conf/lo/disable_ipv6";

    public static IReadOnlyList<IPEndPoint> Of(BindAddress address, bool ipv6Enabled) =>
        Of(address, ipv6Enabled && Socket.OSSupportsIPv6, IsIpv6OnLoopback());

    /// <summary>Port 0 means a port of the system's choice, which two addresses cannot share: it binds IPv4 alone.</summary>
    internal static IReadOnlyList<IPEndPoint> Of(BindAddress address, bool ipv6Enabled, bool ipv6OnLoopback) => address.Scope switch
    {
        BindScope.Address => [new IPEndPoint(address.Address!, address.Port)],
        BindScope.Any => [new IPEndPoint(ipv6Enabled ? IPAddress.IPv6Any : IPAddress.Any, address.Port)],
        _ when ipv6Enabled && ipv6OnLoopback && address.Port != 0 =>
            [new IPEndPoint(IPAddress.Loopback, address.Port), new IPEndPoint(IPAddress.IPv6Loopback, address.Port)],
        _ => [new IPEndPoint(IPAddress.Loopback, address.Port)],
    };

    private static bool IsIpv6OnLoopback() =>
        File.Exists(LoopbackIpv6Switch) && File.ReadAllText(LoopbackIpv6Switch).AsSpan().Trim() is "0";
}
