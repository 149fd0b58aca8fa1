using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>What metrics and access log say of a failure: the flag by its kind (node-proxy 9.3), the text with the operator's next step.</summary>
internal static class FailureReport
{
    public static ReportedFailure Of(ConnectionFailure failure) => new(FlagOf(failure), TextOf(failure));

    /// <summary>The failure's message, and in brackets what to do about it.</summary>
    public static string TextOf(ConnectionFailure failure) =>
        failure.Hint is null ? failure.Message : $"{failure.Message} [{failure.Hint}]";

    private static ResponseFlag FlagOf(ConnectionFailure failure) => failure.Reason switch
    {
        FailureReason.PolicyDenied or FailureReason.PolicyChanged => ResponseFlag.Deny,
        FailureReason.CertificateRevoked => ResponseFlag.CertificateRevoked,
        FailureReason.IdentityUnavailable => ResponseFlag.IdentityError,
        FailureReason.NetworkPolicy => ResponseFlag.NetworkPolicy,
        FailureReason.Http2Protocol or FailureReason.GoAway => ResponseFlag.Http2HandshakeFailure,
        FailureReason.CertificateExpired or FailureReason.CertificateNotYetValid or FailureReason.CertificateUntrusted
            or FailureReason.CertificateMissing or FailureReason.IdentityMismatch or FailureReason.TlsProtocol => ResponseFlag.TlsFailure,
        _ => ResponseFlag.Connect,
    };
}
