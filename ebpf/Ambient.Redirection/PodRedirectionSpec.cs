using System.Net.Sockets;
using Ambient.Redirection.Nftables;

namespace Ambient.Redirection;

/// <summary>What is captured in one pod: the switches of node-proxy 7.5 and of the node agent.</summary>
public sealed record PodRedirectionSpec
{
    /// <summary>Without it IPv6 is not captured at all, and passes the proxy by.</summary>
    public bool Ipv6 { get; init; } = true;

    /// <summary>Redirect the pod's DNS queries, UDP and TCP, to port 15053.</summary>
    public bool DnsCapture { get; init; }

    /// <summary>Annotation <c>ambient.istio.io/bypass-inbound-capture</c>: nothing that comes in is captured.</summary>
    public bool BypassInbound { get; init; }

    /// <summary>Annotation <c>istio.io/reroute-virtual-interfaces</c>: what comes in on these leaves by way of the proxy.</summary>
    public IReadOnlyList<string> VirtualInterfaces { get; init; } = [];

    public ProbeAddresses Probes { get; init; } = ProbeAddresses.Default;

    /// <summary>Null when the spec can be put into rules, else the reason why not. Names come from annotations, so from strangers.</summary>
    public string? FindFault()
    {
        if (Probes.V4.AddressFamily != AddressFamily.InterNetwork || Probes.V6.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return $"the probe addresses must be one IPv4 and one IPv6 address, not {Probes.V4} and {Probes.V6}";
        }

        return VirtualInterfaces.Select(InterfaceName.FindFault).FirstOrDefault(fault => fault is not null);
    }
}
