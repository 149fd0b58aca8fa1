namespace Ambient.Tls.Interop;

/// <summary>The X509_V_ERR codes that are told apart, and what each means for an operator.</summary>
internal static class VerifyErrors
{
    public const int Unspecified = 1;
    public const int NotYetValid = 9;
    public const int Expired = 10;
    public const int Revoked = 23;
    public const int InvalidPurpose = 26;
    public const int Rejected = 28;
    public const int ApplicationVerification = 50;

    private const int UnableToGetIssuer = 2;
    private const int SignatureFailure = 7;
    private const int SelfSignedLeaf = 18;
    private const int SelfSignedInChain = 19;
    private const int UnableToGetIssuerLocally = 20;
    private const int UnableToVerifyLeafSignature = 21;
    private const int Untrusted = 27;

    public static TlsFailureReason ReasonFor(int error) => error switch
    {
        Expired => TlsFailureReason.CertificateExpired,
        NotYetValid => TlsFailureReason.CertificateNotYetValid,
        InvalidPurpose => TlsFailureReason.CertificatePurpose,
        Revoked => TlsFailureReason.CertificateRevoked,
        UnableToGetIssuer or SelfSignedLeaf or SelfSignedInChain or UnableToGetIssuerLocally or UnableToVerifyLeafSignature or Untrusted
            => TlsFailureReason.UnknownAuthority,
        _ => TlsFailureReason.BadCertificate,
    };

    public static string? HintFor(int error) => error switch
    {
        Expired => "The peer's proxy did not renew its certificate: check its connection to the CA, then the clocks of both nodes.",
        NotYetValid => "Compare the clocks of both nodes and of the CA.",
        InvalidPurpose => "The certificate names its extended key usages; it needs both clientAuth and serverAuth, or none at all.",
        SignatureFailure => "Two authorities with one name but different keys are in use: compare the root certificates of both sides.",
        _ when ReasonFor(error) == TlsFailureReason.UnknownAuthority =>
            "Both sides must trust one root: compare the trust bundles, and look for a peer of another mesh or a half-done root rotation.",
        _ => null,
    };
}
