namespace Ambient.Tls;

/// <summary>
/// Decides whether a peer with a valid chain is the one we want (node-proxy 1.1.2 step 3, 1.1.3 step 2). It runs inside the
/// handshake on a handshake thread, so a refusal reaches the peer as an alert. It must not block.
/// </summary>
/// <returns>null to accept, else the reason, which becomes the message of the failure.</returns>
public delegate string? TlsPeerCheck(TlsPeer peer);
