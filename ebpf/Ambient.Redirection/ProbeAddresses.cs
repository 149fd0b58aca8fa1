using System.Net;

namespace Ambient.Redirection;

/// <summary>Addresses that the node's health probes come from after the host rules of node-proxy 7.6; a pod lets them pass.</summary>
public sealed record ProbeAddresses(IPAddress V4, IPAddress V6)
{
    public static ProbeAddresses Default { get; } =
        new(IPAddress.Parse("169.254.7.127"), IPAddress.Parse("fd16:9254:7127:1337:ffff:ffff:ffff:ffff"));
}
