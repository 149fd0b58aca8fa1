namespace Ambient.Tls;

/// <summary>Turns what OpenSSL and the callbacks know about a failed handshake into one failure.</summary>
internal static class HandshakeFailures
{
    // SSL_R_ codes of sslerr.h. From 1000 on they are alerts that the peer sent: 1000 plus the description.
    private const int NoSuitableKeyShare = 101;
    private const int NoSuitableSignatureAlgorithm = 118;
    private const int HttpsProxyRequest = 155;
    private const int HttpRequest = 156;
    private const int VersionTooHigh = 166;
    private const int NoSharedCipher = 193;
    private const int PeerSentNoCertificate = 199;
    private const int NoApplicationProtocol = 235;
    private const int UnsupportedProtocol = 258;
    private const int UnsupportedVersion = 259;
    private const int WrongCipherReturned = 261;
    private const int WrongVersion = 266;
    private const int WrongVersionNumber = 267;
    private const int NoSharedSignatureAlgorithms = 376;
    private const int VersionTooLow = 396;
    private const int NoSharedGroups = 410;
    private const int AlertBase = 1000;

    public static TlsFailure Classify(TlsFailure? refusal, TlsAlert? received, TlsAlert? sent, int sslReason, string sslText)
    {
        if (refusal is not null)
        {
            return refusal with { Alert = sent ?? refusal.Alert };
        }

        if (received is null && sslReason is > AlertBase and < AlertBase + 256)
        {
            received = (TlsAlert)(sslReason - AlertBase);
        }

        if (received is { } alert)
        {
            return FromPeer(alert);
        }

        TlsFailureReason reason = ReasonFor(sslReason);
        return new TlsFailure(reason, sent, MessageFor(reason, sslText), HintFor(reason));
    }

    public static TlsFailure FromPeer(TlsAlert alert) =>
        new(TlsFailureReason.PeerAlert, alert, $"the peer sent the alert {alert}", HintFor(alert));

    public static TlsFailure NotTls() => new(
        TlsFailureReason.NotTls, null, "the peer's first bytes are not TLS", HintFor(TlsFailureReason.NotTls));

    public static TlsFailure TooManyBytes(int limit) => new(
        TlsFailureReason.LimitExceeded, null, $"the peer sent more than {limit} bytes without completing the handshake", null);

    public static TlsFailure Abandoned() => new(TlsFailureReason.Abandoned, null, "the handshake was disposed", null);

    public static TlsFailure Overloaded() => new(
        TlsFailureReason.Overloaded,
        null,
        "too many handshakes are waiting for a thread",
        "New connections arrive faster than this node can authenticate them; give the proxy more CPU or look for a client that reconnects in a loop.");

    /// <summary>A handshake that OpenSSL calls complete but that lacks something we require; fails closed.</summary>
    public static TlsFailure Incomplete(string what) => new(
        TlsFailureReason.Internal, null, $"the handshake completed without {what}", "This is a bug of the proxy; report it with this line.");

    public static TlsFailureReason ReasonFor(int sslReason) => sslReason switch
    {
        PeerSentNoCertificate => TlsFailureReason.NoCertificate,
        NoSharedCipher or NoSuitableKeyShare or NoSharedGroups or NoSuitableSignatureAlgorithm or NoSharedSignatureAlgorithms
            or WrongCipherReturned => TlsFailureReason.NoCommonSuite,
        UnsupportedProtocol or UnsupportedVersion or VersionTooLow or VersionTooHigh or WrongVersion => TlsFailureReason.ProtocolVersion,
        NoApplicationProtocol => TlsFailureReason.NoAlpn,
        HttpRequest or HttpsProxyRequest or WrongVersionNumber => TlsFailureReason.NotTls,
        _ => TlsFailureReason.ProtocolError,
    };

    private static string MessageFor(TlsFailureReason reason, string sslText) => reason switch
    {
        TlsFailureReason.NoCertificate => "the peer sent no certificate",
        TlsFailureReason.NoCommonSuite => $"nothing in common with the peer ({sslText})",
        TlsFailureReason.ProtocolVersion => "the peer does not speak TLS 1.3",
        TlsFailureReason.NoAlpn => "the peer does not offer ALPN h2",
        TlsFailureReason.NotTls => "the peer does not speak TLS",
        _ => $"the handshake failed: {sslText}",
    };

    private static string? HintFor(TlsFailureReason reason) => reason switch
    {
        TlsFailureReason.NoCertificate => "The caller is not part of the mesh: only mesh proxies may connect to the HBONE port.",
        TlsFailureReason.ProtocolVersion => "Let the peer speak TLS 1.3; older versions are not accepted.",
        TlsFailureReason.NoCommonSuite => "Compare the cipher suites and key exchange groups (compliance policy) of both sides.",
        TlsFailureReason.NotTls => "Something other than a mesh proxy uses this port, or traffic was not redirected through one.",
        _ => null,
    };

    private static string? HintFor(TlsAlert alert) => alert switch
    {
        TlsAlert.CertificateExpired => "Our own certificate has expired for the peer: check the connection to the CA and both clocks.",
        TlsAlert.UnknownCa => "The peer does not trust our root: compare the trust bundles of both sides.",
        TlsAlert.BadCertificate or TlsAlert.CertificateUnknown or TlsAlert.AccessDenied =>
            "The peer refused our identity; its log says which identities it expects.",
        TlsAlert.ProtocolVersion => "The peer does not speak TLS 1.3.",
        TlsAlert.NoApplicationProtocol => "The peer does not speak HTTP/2 over TLS: the destination port is not HBONE.",
        TlsAlert.HandshakeFailure => "Compare the cipher suites and key exchange groups (compliance policy) of both sides.",
        _ => null,
    };
}
