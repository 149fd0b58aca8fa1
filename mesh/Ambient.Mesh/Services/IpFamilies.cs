namespace Ambient.Mesh.Services;

/// <summary>The address families that a service allows for its endpoints; no value at all means no restriction.</summary>
public enum IpFamilies
{
    Dual,
    IPv4,
    IPv6,
}
