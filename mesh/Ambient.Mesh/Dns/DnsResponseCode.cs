namespace Ambient.Mesh.Dns;

/// <summary>RFC 1035 4.1.1 and, above 15, RFC 6891 6.1.3; codes without a name are carried unchanged.</summary>
public enum DnsResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
