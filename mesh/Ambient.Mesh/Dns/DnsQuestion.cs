namespace Ambient.Mesh.Dns;

/// <summary>What is asked (RFC 1035 4.1.2). Equality ignores the case of the name.</summary>
public sealed record DnsQuestion(DnsName Name, DnsType Type, DnsClass Class = DnsClass.Internet);
