using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Lifetime;

namespace Ambient.Hbone.Tunnels;

/// <summary>The ways in which a tunnel breaks, in the words that the access log uses (node-proxy 1.5).</summary>
internal static class TunnelFailures
{
    public static ConnectionFailure StreamReset(Http2Error error) => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Http2Protocol, $"h2 failed: stream reset by the peer with {error}", null);

    public static ConnectionFailure PeerProtocol(Http2Failure failure) => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Http2Protocol, $"h2 failed: {failure.Message}", "The peer does not speak HTTP/2 as RFC 9113 says; look at its version.");

    public static ConnectionFailure Tls(TlsFailure failure) => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.TlsProtocol, $"tls error: {failure.Message}", null);

    public static ConnectionFailure Handshake(TlsFailure failure) => new(
        FailurePhase.TlsHandshake, FailureSide.Upstream, ReasonOf(failure.Reason), $"tls error: {failure.Message}", failure.Hint);

    public static ConnectionFailure Closed() => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Reset, "receive: the tunnel was closed by the peer before the stream ended", "Look at the log of the peer's ztunnel at this time.");

    public static ConnectionFailure Socket(int errno) => ConnectionFailure.FromErrno(FailurePhase.Copy, FailureSide.Upstream, errno, "receive");

    public static ConnectionFailure PingTimeout() => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.TimedOut, "HBONE ping timeout/error", "The peer or the path to it stopped answering on port 15008.");

    public static ConnectionFailure Drained() => new(
        FailurePhase.Drain, FailureSide.Proxy, FailureReason.Draining, "connection closed due to connection drain", null);

    private static FailureReason ReasonOf(TlsFailureReason reason) => reason switch
    {
        TlsFailureReason.CertificateExpired => FailureReason.CertificateExpired,
        TlsFailureReason.CertificateNotYetValid => FailureReason.CertificateNotYetValid,
        TlsFailureReason.UnknownAuthority or TlsFailureReason.CertificatePurpose or TlsFailureReason.BadCertificate => FailureReason.CertificateUntrusted,
        TlsFailureReason.NoCertificate => FailureReason.CertificateMissing,
        TlsFailureReason.PeerIdentity => FailureReason.IdentityMismatch,
        TlsFailureReason.Overloaded => FailureReason.Overloaded,
        _ => FailureReason.TlsProtocol,
    };
}
