namespace Ambient.Tls;

/// <summary>Which side of the handshake we are; the accepting side takes no tickets (RFC 8446 4.6.1).</summary>
public enum TlsRole
{
    Client,
    Server,
}
