using Ambient.Mesh.Addresses;

namespace Ambient.Mesh.Dns;

/// <summary>A resource record (RFC 1035 4.1.3).</summary>
/// <param name="Ttl">In seconds.</param>
/// <param name="Data">Without compression, whatever the type.</param>
public sealed record DnsRecord(DnsName Owner, DnsType Type, DnsClass Class, uint Ttl, ReadOnlyMemory<byte> Data)
{
    /// <summary>An A or AAAA record.</summary>
    public static DnsRecord Address(DnsName owner, MeshIp address, uint ttl) => new(
        owner, address.IsIPv4 ? DnsType.A : DnsType.Aaaa, DnsClass.Internet, ttl, address.ToIPAddress().GetAddressBytes());

    public static DnsRecord CanonicalName(DnsName owner, DnsName target, uint ttl) =>
        new(owner, DnsType.CName, DnsClass.Internet, ttl, target.Wire.ToArray());

    /// <summary>The address of an A or AAAA record.</summary>
    public bool TryGetAddress(out MeshIp address)
    {
        address = default;
        return Type is DnsType.A or DnsType.Aaaa
            && MeshIp.TryFromBytes(Data.Span, out address)
            && address.IsIPv4 == (Type == DnsType.A);
    }
}
