using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Lifetime;

namespace Ambient.Hbone.Tunnels;

/// <summary>The ways in which a tunnel breaks, in the words that the access log uses (node-proxy 1.5).</summary>
internal static class TunnelFailures
{
    public static ConnectionFailure StreamReset(Http2Error error) => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Http2Protocol, $"h2 failed: stream reset by the peer with {error}", "The far end broke this one connection; the tunnel goes on. Its access log at this time says why.");

    public static ConnectionFailure PeerProtocol(Http2Failure failure) => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Http2Protocol, $"h2 failed: {failure.Message}", "The peer does not speak HTTP/2 as RFC 9113 says; look at its version.");

    /// <summary>An alert right after our handshake means that the peer refused what we sent in it; the hint says what to do.</summary>
    public static ConnectionFailure Tls(TlsFailure failure) => new(
        FailurePhase.Copy, FailureSide.Upstream, ReasonOf(failure.Reason), $"tls error: {failure.Message}", failure.Hint);

    public static ConnectionFailure Handshake(TlsFailure failure) => new(
        FailurePhase.TlsHandshake, FailureSide.Upstream, ReasonOf(failure.Reason), $"tls error: {failure.Message}", failure.Hint);

    public static ConnectionFailure Closed() => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Reset, "receive: the tunnel was closed by the peer before the stream ended", "Look at the log of the peer's ztunnel at this time.");

    public static ConnectionFailure Truncated() => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.UnexpectedEnd, "receive: the tunnel was cut: its connection ended without TLS close_notify", "The peer's ztunnel was killed, or something between closed the connection.");

    public static ConnectionFailure GoneAway(Http2Error error) => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.GoAway, $"receive: the peer ended the tunnel with GOAWAY {error}", "Look at the log of the peer's ztunnel at this time.");

    public static ConnectionFailure PeerDoesNotRead() => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.Overloaded, "send: the peer left too many answers unread", "The peer sends requests or PINGs without reading: look at its version and its load.");

    public static ConnectionFailure Internal(Exception error) => new(
        FailurePhase.Copy, FailureSide.Proxy, FailureReason.Other, $"internal error: {error.Message}", "This is a bug of the proxy; its log has the details.");

    public static ConnectionFailure Unusable() => new(
        FailurePhase.TunnelOpen, FailureSide.Upstream, FailureReason.GoAway, "http2 handshake failed: the peer takes no stream on a new tunnel", "The peer is shutting down, or allows no streams at all; look at its log.");

    public static ConnectionFailure Socket(int errno, string attempted)
    {
        ConnectionFailure failure = ConnectionFailure.FromErrno(FailurePhase.Copy, FailureSide.Upstream, errno, attempted);
        return failure with { Hint = failure.Hint ?? "The peer's ztunnel was killed or restarted, or something between reset the connection." };
    }

    public static ConnectionFailure PingTimeout() => new(
        FailurePhase.Copy, FailureSide.Upstream, FailureReason.TimedOut, "HBONE ping timeout/error", "The peer or the path to it stopped answering on port 15008.");

    public static ConnectionFailure Drained() => new(
        FailurePhase.Drain, FailureSide.Proxy, FailureReason.Draining, "connection closed due to connection drain", "The pod or this ztunnel was stopping and the connection did not end in time; see CONNECTION_TERMINATION_DEADLINE.");

    public static ConnectionFailure NoAnswer() => new(
        FailurePhase.TunnelOpen, FailureSide.Upstream, FailureReason.Http2Protocol, "h2 failed: stream ended before the answer", "The peer gave the request up without a status: look at its log at this time.");

    public static ConnectionFailure AnswerTimedOut() => new(
        FailurePhase.TunnelOpen, FailureSide.Upstream, FailureReason.TimedOut, "connection failed: the peer did not answer the request in time", "The peer's ztunnel or waypoint answers on port 15008 but opens no connection; look at its log and its load.");

    public static ConnectionFailure PoolDraining() => new(
        FailurePhase.TunnelOpen, FailureSide.Proxy, FailureReason.Draining, "pool draining", "The pod was stopping when its application opened this connection.");

    public static ConnectionFailure Refused(int status) => new(
        FailurePhase.TunnelOpen,
        FailureSide.Upstream,
        FailureReason.HttpStatus,
        $"http status: {status}",
        HintFor(status));

    /// <summary>Says that it was the inner of two tunnels: the gateway in between is reached.</summary>
    public static ConnectionFailure Inside(ConnectionFailure failure) => failure.Side == FailureSide.Proxy
        ? failure
        : failure with { Message = $"{failure.Message} (inside the tunnel to the network gateway)" };

    private static string HintFor(int status) => status switch
    {
        401 => "An authorization policy of the destination refuses this identity; /debug/failures of the destination's ztunnel names the policy.",
        400 => "The destination does not take the request as one for itself: the views of the mesh on the two nodes differ, or a waypoint is not attached.",
        503 => "The destination's ztunnel could not reach the application or does not know the service's port; its /debug/failures says which.",
        _ => "The destination is not a ztunnel or waypoint of this mesh, or another version of it; its log says why.",
    };

    private static FailureReason ReasonOf(TlsFailureReason reason) => reason switch
    {
        TlsFailureReason.CertificateExpired => FailureReason.CertificateExpired,
        TlsFailureReason.CertificateNotYetValid => FailureReason.CertificateNotYetValid,
        TlsFailureReason.UnknownAuthority or TlsFailureReason.CertificatePurpose or TlsFailureReason.BadCertificate => FailureReason.CertificateUntrusted,
        TlsFailureReason.CertificateRevoked => FailureReason.CertificateRevoked,
        TlsFailureReason.NoCertificate => FailureReason.CertificateMissing,
        TlsFailureReason.PeerIdentity => FailureReason.IdentityMismatch,
        TlsFailureReason.Overloaded => FailureReason.Overloaded,
        _ => FailureReason.TlsProtocol,
    };
}
