namespace Ambient.Transport.Lifetime;

/// <summary>How far a connection had come when it failed.</summary>
public enum FailurePhase
{
    Accept,
    LocalLookup,
    Route,
    Connect,
    TlsHandshake,
    Http2Handshake,
    TunnelOpen,
    Authorize,
    Copy,
    Drain,
}
