using Ambient.Tls;
using Ambient.Tls.Records;

namespace Ambient.UnitTests.Tls;

/// <summary>RFC 8446 4.6: key updates, tickets, and what else may come after the handshake, which is nothing.</summary>
public sealed class PostHandshakeTests
{
    private static readonly byte[] UpdateNotRequested = [24, 0, 0, 1, 0];
    private static readonly byte[] UpdateRequested = [24, 0, 0, 1, 1];

    [Fact]
    public void Follows_a_key_update_of_the_peer()
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(pair.FromClient(ContentType.Handshake, UpdateNotRequested), out _, out _));
        Assert.False(pair.Server.HasControlOutput);
        pair.StepClientForge();
        byte[] record = pair.FromClient(ContentType.ApplicationData, "new key"u8);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(record, out _, out Span<byte> plaintext));
        Assert.Equal("new key"u8, plaintext);
    }

    [Fact]
    public void Refuses_data_under_the_old_key_after_a_key_update()
    {
        using var pair = new SessionPair();
        pair.Server.Read(pair.FromClient(ContentType.Handshake, UpdateNotRequested), out _, out _);
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(pair.FromClient(ContentType.ApplicationData, "old"u8), out _, out _));
        Assert.Equal(TlsAlert.BadRecordMac, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void Answers_a_requested_key_update_and_goes_on_under_new_keys()
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(pair.FromClient(ContentType.Handshake, UpdateRequested), out _, out _));
        Assert.True(pair.Server.HasControlOutput);
        byte[] before = SessionPair.Seal(pair.Server, "old key"u8);
        byte[] update = SessionPair.Control(pair.Server);
        byte[] after = SessionPair.Seal(pair.Server, "new key"u8);

        Assert.Equal(TlsReadStatus.ApplicationData, pair.Client.Read(before, out _, out _));
        Assert.Equal(TlsReadStatus.Skipped, pair.Client.Read(update, out _, out _));
        Assert.False(pair.Client.HasControlOutput);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Client.Read(after, out _, out Span<byte> plaintext));
        Assert.Equal("new key"u8, plaintext);
    }

    [Fact]
    public void Answers_many_requests_with_one_update()
    {
        using var pair = new SessionPair();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(pair.FromClient(ContentType.Handshake, UpdateRequested), out _, out _));
            pair.StepClientForge();
        }

        Assert.Equal(UpdateNotRequested.Length + TlsSession.Overhead, SessionPair.Control(pair.Server).Length);
        Assert.False(pair.Server.HasControlOutput);
    }

    [Fact]
    public void Bounds_a_flood_of_key_updates()
    {
        using var pair = new SessionPair();
        int taken = 0;
        while (pair.Server.Read(pair.FromClient(ContentType.Handshake, UpdateRequested), out _, out _) == TlsReadStatus.Skipped)
        {
            pair.StepClientForge();
            Assert.True(++taken <= RecordReader.MaxRecordsWithoutData);
        }

        Assert.Equal(RecordReader.MaxRecordsWithoutData, taken);
        Assert.Equal(TlsFailureReason.LimitExceeded, pair.Server.Failure!.Reason);
    }

    [Theory]
    [InlineData(new byte[] { 24, 0, 0, 1, 2 }, TlsAlert.IllegalParameter)]
    [InlineData(new byte[] { 24, 0, 0, 0 }, TlsAlert.DecodeError)]
    [InlineData(new byte[] { 24, 0, 0, 2, 0, 0 }, TlsAlert.DecodeError)]
    [InlineData(new byte[] { 24, 0, 0, 1, 0, 24, 0, 0, 1, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 24, 0, 0, 1, 0, 24 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 1, 0, 0, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 13, 0, 0, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[] { 20, 0, 0, 0 }, TlsAlert.UnexpectedMessage)]
    [InlineData(new byte[0], TlsAlert.UnexpectedMessage)]
    public void Refuses_a_malformed_or_forbidden_message(byte[] content, TlsAlert expected)
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(pair.FromClient(ContentType.Handshake, content), out _, out _));
        Assert.Equal(expected, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void Takes_a_key_update_spread_over_records_byte_by_byte()
    {
        using var pair = new SessionPair();
        foreach (byte part in UpdateRequested)
        {
            Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(pair.FromClient(ContentType.Handshake, [part]), out _, out _));
        }

        Assert.True(pair.Server.HasControlOutput);
    }

    [Theory]
    [InlineData((byte)ContentType.ApplicationData)]
    [InlineData((byte)ContentType.Alert)]
    public void Refuses_another_record_inside_a_message(byte type)
    {
        using var pair = new SessionPair();
        pair.Server.Read(pair.FromClient(ContentType.Handshake, [24, 0, 0]), out _, out _);
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(pair.FromClient((ContentType)type, [1, 0]), out _, out Span<byte> plaintext));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.Failure!.Alert);
        Assert.True(plaintext.IsEmpty);
    }

    [Fact]
    public void The_client_ignores_tickets_alone_together_and_spread_over_records()
    {
        using var pair = new SessionPair();
        byte[] ticket = Ticket(ticketBytes: 300, extensions: [0, 42, 0, 4, 0, 0, 4, 0]);
        Assert.Equal(TlsReadStatus.Skipped, pair.Client.Read(pair.FromServer(ContentType.Handshake, ticket), out _, out _));
        Assert.Equal(TlsReadStatus.Skipped, pair.Client.Read(pair.FromServer(ContentType.Handshake, [.. ticket, .. ticket]), out _, out _));
        Assert.Equal(TlsReadStatus.Skipped, pair.Client.Read(pair.FromServer(ContentType.Handshake, [.. ticket, .. ticket.AsSpan(0, 7)]), out _, out _));
        Assert.Equal(TlsReadStatus.Skipped, pair.Client.Read(pair.FromServer(ContentType.Handshake, ticket.AsSpan(7)), out _, out _));
        byte[] data = pair.FromServer(ContentType.ApplicationData, "data"u8);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Client.Read(data, out _, out _));
        Assert.False(pair.Client.HasControlOutput);
    }

    [Fact]
    public void The_server_takes_no_ticket()
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(pair.FromClient(ContentType.Handshake, Ticket(10, [])), out _, out _));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void Refuses_a_ticket_cut_short_at_every_length()
    {
        byte[] ticket = Ticket(ticketBytes: 3, extensions: [0, 42, 0, 4, 0, 0, 4, 0]);
        const int Header = 4;
        for (int length = 0; length < ticket.Length - Header; length++)
        {
            using var pair = new SessionPair();
            byte[] cut = [4, 0, 0, (byte)length, .. ticket.AsSpan(Header, length)];
            Assert.Equal(TlsReadStatus.Failed, pair.Client.Read(pair.FromServer(ContentType.Handshake, cut), out _, out _));
            Assert.Equal(TlsAlert.DecodeError, pair.Client.Failure!.Alert);
        }
    }

    [Fact]
    public void Refuses_a_ticket_with_bytes_behind_it_or_none_in_it()
    {
        foreach (byte[] body in (byte[][])[[.. Ticket(3, []).AsSpan(4), 9], [.. Ticket(0, []).AsSpan(4)]])
        {
            using var pair = new SessionPair();
            byte[] message = [4, 0, 0, (byte)body.Length, .. body];
            Assert.Equal(TlsReadStatus.Failed, pair.Client.Read(pair.FromServer(ContentType.Handshake, message), out _, out _));
            Assert.Equal(TlsAlert.DecodeError, pair.Client.Failure!.Alert);
        }
    }

    [Fact]
    public void Refuses_an_oversized_message_by_its_header()
    {
        using var pair = new SessionPair();
        byte[] header = [4, 1, 0, 0];
        Assert.Equal(TlsReadStatus.Failed, pair.Client.Read(pair.FromServer(ContentType.Handshake, header), out _, out _));
        Assert.Equal(TlsFailureReason.LimitExceeded, pair.Client.Failure!.Reason);
    }

    private static byte[] Ticket(int ticketBytes, byte[] extensions)
    {
        byte[] body =
        [
            0, 0, 0x1C, 0x20, 1, 2, 3, 4, 2, 0xAA, 0xBB,
            (byte)(ticketBytes >> 8), (byte)ticketBytes, .. new byte[ticketBytes],
            (byte)(extensions.Length >> 8), (byte)extensions.Length, .. extensions,
        ];
        return [4, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }
}
