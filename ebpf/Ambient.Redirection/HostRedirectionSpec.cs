namespace Ambient.Redirection;

/// <summary>What the host rules of node-proxy 7.6 depend on.</summary>
/// <param name="KubeletUid">Real uid of the kubelet; its connections to enrolled pods get the probe address as source.</param>
public sealed record HostRedirectionSpec(uint KubeletUid)
{
    public bool Ipv6 { get; init; } = true;

    public ProbeAddresses Probes { get; init; } = ProbeAddresses.Default;
}
