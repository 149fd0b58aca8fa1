using Ambient.Mesh.Addresses;

namespace Ambient.Mesh.Routing;

/// <summary>Which of a workload's addresses to use (node-proxy 2.3.2, destination IP).</summary>
/// <param name="Ip">The address, when one is known.</param>
/// <param name="Hostname">The name to resolve instead; null when there is an address or nothing at all.</param>
public readonly record struct DestinationAddress(MeshIp? Ip, string? Hostname)
{
    /// <summary>
    /// The address asked for if it is the workload's own, else the first one that the service's families allow, preferring the family
    /// asked for, else the host name.
    /// </summary>
    public static DestinationAddress Choose(Upstream upstream, MeshIp asked)
    {
        if (upstream.Workload.HasAddress(asked))
        {
            return new DestinationAddress(asked, null);
        }

        MeshIp? otherFamily = null;
        foreach (MeshIp ip in upstream.Workload.Addresses)
        {
            if (upstream.Service?.AllowsFamilyOf(ip) == false)
            {
                continue;
            }

            if (ip.IsIPv6 == asked.IsIPv6)
            {
                return new DestinationAddress(ip, null);
            }

            otherFamily ??= ip;
        }

        string hostname = upstream.Workload.Hostname;
        return new DestinationAddress(otherFamily, otherFamily is null && hostname.Length > 0 ? hostname : null);
    }
}
