using Ambient.Tls;
using Ambient.Tls.Records;

namespace Ambient.UnitTests.Tls;

/// <summary>RFC 8446 6.</summary>
public sealed class AlertTests
{
    [Fact]
    public void Close_notify_ends_reading_but_not_sending()
    {
        using var pair = new SessionPair();
        pair.Client.Close();
        Assert.True(pair.Client.HasControlOutput);
        byte[] close = SessionPair.Control(pair.Client);
        Assert.False(pair.Client.HasControlOutput);
        Assert.Equal(0, pair.Client.Seal(new byte[2], 1, new byte[100]));

        Assert.Equal(TlsReadStatus.Closed, pair.Server.Read(close, out int consumed, out _));
        Assert.Equal(close.Length, consumed);
        Assert.Null(pair.Server.Failure);
        byte[] late = SessionPair.Seal(pair.Server, "still here"u8);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Client.Read(late, out _, out Span<byte> plaintext));
        Assert.Equal("still here"u8, plaintext);
    }

    [Fact]
    public void Everything_after_close_notify_is_ignored()
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Closed, pair.Server.Read(pair.FromClient(ContentType.Alert, [1, 0]), out _, out _));
        byte[] garbage = [1, 2, 3, 4, 5, 6, 7];
        Assert.Equal(TlsReadStatus.Closed, pair.Server.Read(garbage, out int consumed, out Span<byte> plaintext));
        Assert.Equal(garbage.Length, consumed);
        Assert.True(plaintext.IsEmpty);
    }

    [Fact]
    public void Close_is_sent_once()
    {
        using var pair = new SessionPair();
        pair.Client.Close();
        pair.Client.Close();
        Assert.Equal(24, SessionPair.Control(pair.Client).Length);
        pair.Client.Close();
        Assert.False(pair.Client.HasControlOutput);
        Assert.Empty(SessionPair.Control(pair.Client));
    }

    [Theory]
    [InlineData(1, TlsAlert.HandshakeFailure)]
    [InlineData(2, TlsAlert.BadCertificate)]
    [InlineData(7, TlsAlert.InternalError)]
    [InlineData(2, (TlsAlert)200)]
    public void Any_other_alert_ends_the_session_whatever_its_level(byte level, TlsAlert alert)
    {
        using var pair = new SessionPair();
        byte[] record = pair.FromClient(ContentType.Alert, [level, (byte)alert]);
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(record, out _, out _));
        Assert.Equal(TlsFailureReason.PeerAlert, pair.Server.Failure!.Reason);
        Assert.Equal(alert, pair.Server.Failure.Alert);
        Assert.False(pair.Server.HasControlOutput);
        Assert.Equal(0, pair.Server.Seal(new byte[2], 1, new byte[100]));
    }

    [Fact]
    public void User_canceled_is_only_the_announcement_of_a_close()
    {
        using var pair = new SessionPair();
        byte[] record = pair.FromClient(ContentType.Alert, [1, (byte)TlsAlert.UserCanceled]);
        Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(record, out _, out _));
    }

    [Theory]
    [InlineData(new byte[] { 1 }, TlsAlert.DecodeError)]
    [InlineData(new byte[] { 1, 0, 0 }, TlsAlert.DecodeError)]
    [InlineData(new byte[] { 1, 0, 1, 0 }, TlsAlert.DecodeError)]
    [InlineData(new byte[0], TlsAlert.UnexpectedMessage)]
    public void Refuses_a_malformed_alert(byte[] content, TlsAlert expected)
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(pair.FromClient(ContentType.Alert, content), out _, out _));
        Assert.Equal(expected, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void A_fatal_alert_takes_the_place_of_a_queued_close()
    {
        using var pair = new SessionPair();
        pair.Server.Close();
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(new byte[] { 22 }, out _, out _));
        byte[] alert = SessionPair.Control(pair.Server);
        Assert.Equal(TlsReadStatus.Failed, pair.Client.Read(alert, out _, out _));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Client.Failure!.Alert);
    }

    [Fact]
    public void Control_output_waits_for_room()
    {
        using var pair = new SessionPair();
        pair.Client.Close();
        Assert.Equal(0, pair.Client.WriteControl(new byte[23]));
        Assert.True(pair.Client.HasControlOutput);
        Assert.Equal(24, pair.Client.WriteControl(new byte[24]));
    }
}
