using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>What metrics and access log say of a failure: the flag by its kind (node-proxy 9.3), and how it came about.</summary>
internal static class FailureReport
{
    public static ReportedFailure Of(ConnectionFailure failure) => new(FlagOf(failure), failure);

    private static ResponseFlag FlagOf(ConnectionFailure failure) => failure.Reason switch
    {
        FailureReason.PolicyDenied or FailureReason.PolicyChanged => ResponseFlag.Deny,
        FailureReason.CertificateRevoked => ResponseFlag.CertificateRevoked,
        FailureReason.IdentityUnavailable => ResponseFlag.IdentityError,
        FailureReason.NetworkPolicy => ResponseFlag.NetworkPolicy,
        FailureReason.Http2Protocol or FailureReason.GoAway => ResponseFlag.Http2HandshakeFailure,
        FailureReason.CertificateExpired or FailureReason.CertificateNotYetValid or FailureReason.CertificateUntrusted
            or FailureReason.CertificateMissing or FailureReason.IdentityMismatch or FailureReason.TlsProtocol => ResponseFlag.TlsFailure,

        // A peer that cuts the connection in the handshake, or never ends it, fails TLS and not TCP.
        _ when failure.Phase == FailurePhase.TlsHandshake && failure.Side != FailureSide.Proxy => ResponseFlag.TlsFailure,
        _ => ResponseFlag.Connect,
    };
}
