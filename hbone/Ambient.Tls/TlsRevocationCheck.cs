namespace Ambient.Tls;

/// <summary>
/// Decides whether a certificate of a verified chain was revoked (node-proxy 5.6). It runs inside the handshake on a handshake thread,
/// before the peer check, and must not block.
/// </summary>
/// <param name="peer">The peer with its chain as it was verified.</param>
/// <param name="role">Our side of the handshake.</param>
/// <returns>null to accept, else the reason, which becomes the message of the failure.</returns>
public delegate string? TlsRevocationCheck(TlsPeer peer, TlsRole role);
