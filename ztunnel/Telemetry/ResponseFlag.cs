namespace Ambient.Ztunnel.Telemetry;

/// <summary>The <c>response_flags</c> label of node-proxy 9.3.</summary>
internal enum ResponseFlag
{
    None,
    Deny,
    Connect,
    TlsFailure,
    Http2HandshakeFailure,
    NetworkPolicy,
    IdentityError,
    CertificateRevoked,
}
