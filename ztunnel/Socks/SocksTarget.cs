using System.Net;

namespace Ambient.Ztunnel.Socks;

/// <summary>Where a client wants to go: an address, or a host name to be resolved. Exactly one of the two is set.</summary>
internal readonly record struct SocksTarget(IPAddress? Address, string? Hostname, ushort Port)
{
    public override string ToString() => Hostname is null ? new IPEndPoint(Address!, Port).ToString() : $"{Hostname}:{Port}";
}
