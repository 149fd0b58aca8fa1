namespace Ambient.Tls;

/// <summary>Why a handshake or an established session ended.</summary>
public enum TlsFailureReason
{
    /// <summary>A certificate of the peer's chain is past its validity.</summary>
    CertificateExpired,

    /// <summary>A certificate of the peer's chain is not valid yet.</summary>
    CertificateNotYetValid,

    /// <summary>The peer's chain does not end in one of our roots.</summary>
    UnknownAuthority,

    /// <summary>The peer's certificate names its uses and ours is not among them (extended key usage).</summary>
    CertificatePurpose,

    /// <summary>The peer's certificate is malformed, wrongly signed, or too weak.</summary>
    BadCertificate,

    /// <summary>A certificate of the peer's chain was revoked by its issuer.</summary>
    CertificateRevoked,

    /// <summary>The peer sent no certificate.</summary>
    NoCertificate,

    /// <summary>The peer check refused a peer with a valid chain.</summary>
    PeerIdentity,

    /// <summary>The peer does not speak TLS 1.3.</summary>
    ProtocolVersion,

    /// <summary>No cipher suite, key exchange group or signature scheme in common.</summary>
    NoCommonSuite,

    /// <summary>The peer did not agree on ALPN h2.</summary>
    NoAlpn,

    /// <summary>The peer's first bytes are not TLS.</summary>
    NotTls,

    /// <summary>The peer refused us; <see cref="TlsFailure.Alert"/> is what it sent.</summary>
    PeerAlert,

    /// <summary>A record did not authenticate: changed on the way, or sealed with another key.</summary>
    BadRecordMac,

    /// <summary>The peer broke the protocol in another way.</summary>
    ProtocolError,

    /// <summary>The peer sent more handshake bytes, or more records without data, than are taken.</summary>
    LimitExceeded,

    /// <summary>Our sending key reached its limit before the queued key update was sent.</summary>
    KeyExhausted,

    /// <summary>The caller's handshake deadline passed. Never set by this library.</summary>
    HandshakeTimeout,

    /// <summary>Too many handshakes are waiting for a thread.</summary>
    Overloaded,

    /// <summary>The caller disposed the handshake while it was waiting or running.</summary>
    Abandoned,

    /// <summary>A bug on our side, for example a peer check that threw.</summary>
    Internal,
}
