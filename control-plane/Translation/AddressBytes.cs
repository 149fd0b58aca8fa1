using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.ControlPlane.Translation;

/// <summary>Addresses as the messages carry them: 4 or 16 bytes.</summary>
internal static class AddressBytes
{
    public static ByteString Of(MeshIp ip) => ByteString.CopyFrom(ip.ToIPAddress().GetAddressBytes());

    public static NetworkAddressMessage Message(string network, MeshIp ip) => new() { Network = network, Address = Of(ip) };
}
