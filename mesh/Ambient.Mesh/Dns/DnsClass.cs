namespace Ambient.Mesh.Dns;

/// <summary>Any other number is carried unchanged.</summary>
public enum DnsClass : ushort
{
    Internet = 1,
    Any = 255,
}
