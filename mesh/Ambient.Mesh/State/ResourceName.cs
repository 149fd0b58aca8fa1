using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.State;

/// <summary>
/// What a workload or service is asked for by (node-proxy 3.3): <c>network/ip</c>, <c>namespace/hostname</c>, or a workload's uid.
/// </summary>
public readonly record struct ResourceName(string Text)
{
    /// <summary>Whatever has the address; the network may be empty.</summary>
    public static ResourceName Of(string network, MeshIp ip) => new(new NetworkAddress(network, ip).ToString());

    public static ResourceName Of(ServiceKey service) => new(service.ToString());

    /// <summary>What the reference points to, by address or by host name.</summary>
    public static ResourceName Of(GatewayAddress gateway) => new(gateway.Destination);

    public override string ToString() => Text;
}
