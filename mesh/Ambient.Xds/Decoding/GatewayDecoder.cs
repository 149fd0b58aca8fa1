using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.Xds.Decoding;

/// <summary>Addresses and references to gateways (node-proxy 3.7.5).</summary>
internal sealed class GatewayDecoder(Interning interning)
{
    /// <summary>Null for a message that is not set.</summary>
    /// <exception cref="InvalidResourceException">Neither address nor host name, or a bad address.</exception>
    public GatewayAddress? Decode(GatewayAddressMessage? gateway)
    {
        if (gateway is null)
        {
            return null;
        }

        ushort port = (ushort)gateway.HboneMtlsPort;
        return interning.Value(gateway.DestinationCase switch
        {
            GatewayAddressMessage.DestinationOneofCase.Hostname => GatewayAddress.ByHostname(
                new ServiceKey(interning.Text(gateway.Hostname.Namespace), interning.Text(gateway.Hostname.Hostname)), port),
            GatewayAddressMessage.DestinationOneofCase.Address => GatewayAddress.ByAddress(
                new NetworkAddress(interning.Text(gateway.Address.Network), Ip(gateway.Address.Address)), port),
            _ => throw new InvalidResourceException("gateway address without a destination"),
        });
    }

    /// <exception cref="InvalidResourceException">Neither 4 nor 16 bytes.</exception>
    public static MeshIp Ip(ByteString bytes) => MeshIp.TryFromBytes(bytes.Span, out MeshIp ip)
        ? ip
        : throw new InvalidResourceException($"address of {bytes.Length} bytes; 4 or 16 are an IP address");

    /// <summary>Service port to target port; ports are cut to 16 bits.</summary>
    public PortMap Ports(IReadOnlyList<Port> ports) => interning.Ports(ports.Count switch
    {
        0 => PortMap.Empty,
        1 => PortMap.Of((ushort)ports[0].ServicePort, (ushort)ports[0].TargetPort),
        _ => PortMap.Create(ports.Select(port => new PortMapping((ushort)port.ServicePort, (ushort)port.TargetPort))),
    });
}
