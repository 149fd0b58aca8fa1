namespace Ambient.Ztunnel.Dns;

internal enum DnsProtocol
{
    Udp,
    Tcp,
}
