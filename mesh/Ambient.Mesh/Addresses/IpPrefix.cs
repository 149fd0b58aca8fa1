using System.Globalization;

namespace Ambient.Mesh.Addresses;

/// <summary>A CIDR block. The address is kept as written; host bits are ignored when comparing with an address.</summary>
public readonly record struct IpPrefix
{
    private IpPrefix(MeshIp address, int length)
    {
        Address = address;
        Length = length;
    }

    public MeshIp Address { get; }

    /// <summary>0 to 32 or 128.</summary>
    public int Length { get; }

    /// <summary>The same block with its host bits cleared: the form used as an index key.</summary>
    public IpPrefix Masked => new(Address.Mask(Length), Length);

    /// <summary>False when the length is longer than the address (node-proxy 3.7.6: such a block is dropped from its list).</summary>
    public static bool TryCreate(MeshIp address, int length, out IpPrefix prefix)
    {
        bool valid = address.IsValid && length >= 0 && length <= address.BitLength;
        prefix = valid ? new IpPrefix(address, length) : default;
        return valid;
    }

    /// <summary>Reads "address/length"; the length is required.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        return slash > 0
            && text.Length - slash - 1 is >= 1 and <= 3
            && MeshIp.TryParse(text[..slash], out MeshIp address)
            && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && TryCreate(address, length, out prefix);
    }

    /// <summary>IPv4 blocks never contain IPv6 addresses and the reverse (node-proxy 4.4).</summary>
    public bool Contains(MeshIp address) =>
        Address.IsValid && Address.IsIPv4 == address.IsIPv4 && address.IsValid && address.Mask(Length) == Address.Mask(Length);

    public override string ToString() => $"{Address}/{Length}";
}
