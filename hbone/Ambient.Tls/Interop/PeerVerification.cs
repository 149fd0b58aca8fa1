using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>Verifies the peer's chain inside the handshake, then asks the caller's check about the identity.</summary>
internal static unsafe class PeerVerification
{
    private const string RevokedHint =
        "The peer's authority took this certificate back: give the peer a new one, or look who still uses the old one.";

    public static bool Accepts(nint ssl, nint storeContext, HandshakeFacts facts)
    {
        // The certificate is the first message after the one that carries the server's ALPN choice.
        if (facts.Role == TlsRole.Client && !AlpnRule.IsSelected(ssl))
        {
            return Refuse(storeContext, facts, AlpnRule.NotSelected(), VerifyErrors.ApplicationVerification);
        }

        LibCrypto.X509_STORE_CTX_set_time(storeContext, 0, (nint)facts.Clock.GetUtcNow().ToUnixTimeSeconds());
        if (LibCrypto.X509_verify_cert(storeContext) != 1)
        {
            return RefuseChain(storeContext, facts);
        }

        nint leaf = LibCrypto.X509_STORE_CTX_get0_cert(storeContext);
        var peer = new TlsPeer(
            CertificateReader.Encode(leaf),
            CertificateReader.UriSans(leaf),
            CertificateReader.EncodeChain(LibCrypto.X509_STORE_CTX_get0_chain(storeContext)));
        if (facts.RevocationCheck?.Invoke(peer, facts.Role) is { } revoked)
        {
            var refusal = new TlsFailure(TlsFailureReason.CertificateRevoked, TlsAlert.CertificateRevoked, revoked, RevokedHint);
            return Refuse(storeContext, facts, refusal, VerifyErrors.Revoked);
        }

        string? objection = facts.Check(peer);
        if (objection is not null)
        {
            var mismatch = new TlsFailure(TlsFailureReason.PeerIdentity, TlsAlert.BadCertificate, objection, HintFor(facts.Role));
            return Refuse(storeContext, facts, mismatch, VerifyErrors.Rejected);
        }

        facts.Peer = peer;
        return true;
    }

    private static string HintFor(TlsRole role) => role == TlsRole.Client
        ? "Something else answers at this address, or the workload's service account changed: compare it with the expected identity."
        : "The caller is of another trust domain, or its certificate has no SPIFFE identity.";

    private static bool RefuseChain(nint storeContext, HandshakeFacts facts)
    {
        int error = LibCrypto.X509_STORE_CTX_get_error(storeContext);
        if (error == 0)
        {
            error = VerifyErrors.Unspecified;
        }

        string text = Marshal.PtrToStringUTF8((nint)LibCrypto.X509_verify_cert_error_string(error)) ?? "unknown error";
        string subject = CertificateReader.Describe(LibCrypto.X509_STORE_CTX_get_current_cert(storeContext));
        var refusal = new TlsFailure(VerifyErrors.ReasonFor(error), null, $"{subject} was refused: {text}", VerifyErrors.HintFor(error));
        return Refuse(storeContext, facts, refusal, error);
    }

    private static bool Refuse(nint storeContext, HandshakeFacts facts, TlsFailure refusal, int error)
    {
        facts.Refusal = refusal;
        LibCrypto.X509_STORE_CTX_set_error(storeContext, error);
        return false;
    }
}
