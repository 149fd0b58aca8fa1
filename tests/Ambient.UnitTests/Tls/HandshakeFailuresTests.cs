using Ambient.Tls;

namespace Ambient.UnitTests.Tls;

/// <summary>How what OpenSSL says becomes one failure; the codes are those of OpenSSL 3's sslerr.h.</summary>
public sealed class HandshakeFailuresTests
{
    private static readonly TlsFailure Refusal = new(TlsFailureReason.UnknownAuthority, null, "refused", "hint");

    [Theory]
    [InlineData(101, TlsFailureReason.NoCommonSuite)]
    [InlineData(118, TlsFailureReason.NoCommonSuite)]
    [InlineData(193, TlsFailureReason.NoCommonSuite)]
    [InlineData(261, TlsFailureReason.NoCommonSuite)]
    [InlineData(376, TlsFailureReason.NoCommonSuite)]
    [InlineData(410, TlsFailureReason.NoCommonSuite)]
    [InlineData(166, TlsFailureReason.ProtocolVersion)]
    [InlineData(258, TlsFailureReason.ProtocolVersion)]
    [InlineData(259, TlsFailureReason.ProtocolVersion)]
    [InlineData(266, TlsFailureReason.ProtocolVersion)]
    [InlineData(396, TlsFailureReason.ProtocolVersion)]
    [InlineData(155, TlsFailureReason.NotTls)]
    [InlineData(156, TlsFailureReason.NotTls)]
    [InlineData(267, TlsFailureReason.NotTls)]
    [InlineData(199, TlsFailureReason.NoCertificate)]
    [InlineData(235, TlsFailureReason.NoAlpn)]
    [InlineData(0, TlsFailureReason.ProtocolError)]
    [InlineData(134, TlsFailureReason.ProtocolError)]
    public void Each_reason_of_openssl_has_ours(int sslReason, TlsFailureReason expected)
    {
        TlsFailure failure = HandshakeFailures.Classify(null, null, TlsAlert.HandshakeFailure, sslReason, "text");
        Assert.Equal(expected, failure.Reason);
        Assert.Equal(TlsAlert.HandshakeFailure, failure.Alert);
        Assert.NotEmpty(failure.Message);
    }

    [Fact]
    public void A_refusal_of_our_own_tells_more_than_any_code()
    {
        TlsFailure failure = HandshakeFailures.Classify(Refusal, TlsAlert.DecodeError, TlsAlert.UnknownCa, 134, "text");
        Assert.Equal(Refusal with { Alert = TlsAlert.UnknownCa }, failure);
    }

    [Theory]
    [InlineData(null, 1045, TlsAlert.CertificateExpired)]
    [InlineData(TlsAlert.UnknownCa, 1048, TlsAlert.UnknownCa)]
    [InlineData(TlsAlert.CloseNotify, 0, TlsAlert.CloseNotify)]
    public void An_alert_of_the_peer_is_named(TlsAlert? received, int sslReason, TlsAlert expected)
    {
        TlsFailure failure = HandshakeFailures.Classify(null, received, null, sslReason, "text");
        Assert.Equal(TlsFailureReason.PeerAlert, failure.Reason);
        Assert.Equal(expected, failure.Alert);
        Assert.Contains(expected.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsAlert.CertificateExpired)]
    [InlineData(TlsAlert.UnknownCa)]
    [InlineData(TlsAlert.BadCertificate)]
    [InlineData(TlsAlert.ProtocolVersion)]
    [InlineData(TlsAlert.NoApplicationProtocol)]
    [InlineData(TlsAlert.HandshakeFailure)]
    public void The_alerts_that_an_operator_can_act_on_have_a_hint(TlsAlert alert) => Assert.NotNull(HandshakeFailures.FromPeer(alert).Hint);
}
