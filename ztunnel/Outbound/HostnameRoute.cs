using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Outbound;

/// <summary>The next hop has a host name only: resolve it, then perform the route that comes out (node-proxy 2.3.4).</summary>
internal sealed record HostnameRoute : OutboundRoute
{
    private readonly Func<MeshIp, OutboundRoute> _complete;

    public HostnameRoute(string hostname, bool prefersIPv6, Func<MeshIp, OutboundRoute> complete)
    {
        Hostname = hostname;
        PrefersIPv6 = prefersIPv6;
        _complete = complete;
    }

    public string Hostname { get; }

    /// <summary>The family of the original destination: pick at random among answers of that family if there are any, else among all.</summary>
    public bool PrefersIPv6 { get; }

    public OutboundRoute Complete(IPAddress resolved) => _complete(MeshIp.From(resolved));

    /// <summary>What becomes of the connection when the name has no address.</summary>
    /// <param name="problem">Why the name could not be looked up; null when it was, in vain.</param>
    public RefusedRoute Unresolved(string? problem) =>
        new(FailureReason.NameResolution, $"no ip addresses were resolved for workload: {NextHop?.Name}", problem is null ? $"the name {Hostname} has no address in the proxy's DNS" : $"the name {Hostname} could not be looked up: {problem}")
        {
            NextHop = NextHop,
            IntendedService = IntendedService,
        };
}
