using Ambient.Tls;
using Ambient.Tls.Records;

namespace Ambient.UnitTests.Tls;

/// <summary>The receiving half of RFC 8446 5: what is taken, what is refused, and with which alert.</summary>
public sealed class RecordReadTests
{
    private const int HeaderBytes = 5;

    public static TheoryData<string, TlsSuite> ProvidersAndSuites
    {
        get
        {
            var data = new TheoryData<string, TlsSuite>();
            foreach (string name in AeadProviders.AllNames())
            {
                data.Add(name, TlsSuite.Aes128GcmSha256);
                data.Add(name, TlsSuite.Aes256GcmSha384);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ProvidersAndSuites))]
    public void Opens_what_the_other_side_seals_at_every_size(string provider, TlsSuite suite)
    {
        using var pair = new SessionPair(suite, AeadProviders.Get(provider));
        foreach (int size in (int[])[1, 2, 15, 16, 17, 255, 1000, 16383, TlsSession.MaxPlaintext])
        {
            byte[] text = new byte[size];
            new Random(size).NextBytes(text);
            byte[] record = SessionPair.Seal(pair.Client, text);
            Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(record, out int consumed, out Span<byte> plaintext));
            Assert.Equal(record.Length, consumed);
            Assert.Equal(text, plaintext.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(ProvidersAndSuites))]
    public void Every_flipped_bit_is_refused_and_leaves_no_plaintext(string provider, TlsSuite suite)
    {
        byte[] text = [.. Enumerable.Repeat((byte)0x5A, 48)];
        int bits = (text.Length + TlsSession.Overhead) * 8;
        for (int bit = 0; bit < bits; bit++)
        {
            using var pair = new SessionPair(suite, AeadProviders.Get(provider));
            byte[] record = SessionPair.Seal(pair.Client, text);
            record[bit / 8] ^= (byte)(1 << (bit % 8));

            TlsReadStatus status = pair.Server.Read(record, out _, out Span<byte> plaintext);

            Assert.True(plaintext.IsEmpty);
            Assert.Equal(-1, record.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x5A, 0x5A, 0x5A, 0x5A]));
            AssertRefusal(pair, status, bit / 8);
        }

        static void AssertRefusal(SessionPair pair, TlsReadStatus status, int at)
        {
            bool isLengthGrown = at is 3 or 4 && status == TlsReadStatus.NeedMore;
            if (isLengthGrown)
            {
                return;
            }

            Assert.Equal(TlsReadStatus.Failed, status);
            TlsAlert alert = pair.Server.Failure!.Alert!.Value;
            Assert.True(
                alert == (at == 0 ? TlsAlert.UnexpectedMessage : TlsAlert.BadRecordMac)
                || (at == 3 && alert == TlsAlert.RecordOverflow));
        }
    }

    [Fact]
    public void A_refused_record_ends_the_session_and_tells_the_peer()
    {
        using var pair = new SessionPair();
        byte[] record = SessionPair.Seal(pair.Client, "hello"u8);
        record[^1] ^= 1;

        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(record, out _, out _));
        Assert.Equal(TlsFailureReason.BadRecordMac, pair.Server.Failure!.Reason);
        Assert.Equal(0, pair.Server.Seal(new byte[2], 1, new byte[100]));
        byte[] alert = SessionPair.Control(pair.Server);
        Assert.Equal(TlsReadStatus.Failed, pair.Client.Read(alert, out _, out _));
        Assert.Equal(TlsFailureReason.PeerAlert, pair.Client.Failure!.Reason);
        Assert.Equal(TlsAlert.BadRecordMac, pair.Client.Failure.Alert);
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(SessionPair.Seal(new SessionPair().Client, "x"u8), out _, out _));
    }

    [Fact]
    public void A_truncated_record_waits_at_every_length()
    {
        using var pair = new SessionPair();
        byte[] record = SessionPair.Seal(pair.Client, "hello"u8);
        for (int length = 0; length < record.Length; length++)
        {
            Assert.Equal(TlsReadStatus.NeedMore, pair.Server.Read(record.AsSpan(0, length), out int consumed, out _));
            Assert.Equal(0, consumed);
        }

        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(record, out _, out _));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(24)]
    [InlineData(0)]
    [InlineData(0x80)]
    public void Refuses_an_unprotected_record_by_its_first_byte(byte type)
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(new byte[] { type }, out _, out _));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.Failure!.Alert);
    }

    [Theory]
    [InlineData(RecordReader.MaxCiphertext + 1)]
    [InlineData(65535)]
    public void Refuses_a_record_over_the_limit_by_its_header(int length)
    {
        using var pair = new SessionPair();
        byte[] header = [23, 3, 3, (byte)(length >> 8), (byte)length];
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(header, out _, out _));
        Assert.Equal(TlsAlert.RecordOverflow, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void Waits_for_a_record_of_the_largest_size()
    {
        using var pair = new SessionPair();
        byte[] header = [23, 3, 3, RecordReader.MaxCiphertext >> 8, RecordReader.MaxCiphertext & 0xFF];
        Assert.Equal(TlsReadStatus.NeedMore, pair.Server.Read(header, out _, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public void Refuses_a_record_too_short_for_a_tag(byte length)
    {
        using var pair = new SessionPair();
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(new byte[] { 23, 3, 3, 0, length }, out _, out _));
        Assert.Equal(TlsAlert.BadRecordMac, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void Takes_the_largest_plaintext_with_padding_up_to_the_limit()
    {
        using var pair = new SessionPair();
        byte[] full = pair.FromClient(ContentType.ApplicationData, new byte[TlsSession.MaxPlaintext]);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(full, out _, out Span<byte> plaintext));
        Assert.Equal(TlsSession.MaxPlaintext, plaintext.Length);
        byte[] padded = pair.FromClient(ContentType.ApplicationData, "hello"u8, TlsSession.MaxPlaintext - 5);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(padded, out _, out plaintext));
        Assert.Equal("hello"u8, plaintext);
    }

    [Theory]
    [InlineData(TlsSession.MaxPlaintext + 1, 0)]
    [InlineData(10, TlsSession.MaxPlaintext - 9)]
    public void Refuses_an_authentic_record_whose_plaintext_is_over_the_limit(int content, int padding)
    {
        using var pair = new SessionPair();
        byte[] record = pair.FromClient(ContentType.ApplicationData, Enumerable.Repeat((byte)0x5A, content).ToArray(), padding);
        AssertFails(pair, record, TlsAlert.RecordOverflow);
        Assert.False(record.AsSpan().Contains((byte)0x5A) && record.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x5A, 0x5A, 0x5A]) >= 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void Refuses_a_record_of_padding_alone(int zeros)
    {
        using var pair = new SessionPair();
        AssertFails(pair, pair.InnerFromClient(new byte[zeros]), TlsAlert.UnexpectedMessage);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(255)]
    public void Refuses_an_unknown_inner_type(byte type)
    {
        using var pair = new SessionPair();
        AssertFails(pair, pair.InnerFromClient([1, type]), TlsAlert.UnexpectedMessage);
    }

    [Fact]
    public void Skips_records_without_data_but_not_without_end()
    {
        using var pair = new SessionPair();
        for (int i = 0; i < RecordReader.MaxRecordsWithoutData; i++)
        {
            byte[] empty = pair.FromClient(ContentType.ApplicationData, [], padding: i);
            Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(empty, out int consumed, out Span<byte> plaintext));
            Assert.Equal(empty.Length, consumed);
            Assert.True(plaintext.IsEmpty);
        }

        AssertFails(pair, pair.FromClient(ContentType.ApplicationData, []), TlsAlert.UnexpectedMessage);
        Assert.Equal(TlsFailureReason.LimitExceeded, pair.Server.Failure!.Reason);
    }

    [Fact]
    public void Data_resets_the_count_of_records_without_data()
    {
        using var pair = new SessionPair();
        for (int i = 0; i < 4 * RecordReader.MaxRecordsWithoutData; i++)
        {
            byte[] content = i % RecordReader.MaxRecordsWithoutData == 0 ? [1] : [];
            byte[] record = pair.FromClient(ContentType.ApplicationData, content);
            Assert.NotEqual(TlsReadStatus.Failed, pair.Server.Read(record, out _, out _));
        }
    }

    [Fact]
    public void Refuses_a_replayed_dropped_or_reordered_record()
    {
        foreach (int[] order in (int[][])[[0, 0], [1], [0, 2]])
        {
            using var pair = new SessionPair();
            byte[][] records = [SessionPair.Seal(pair.Client, "0"u8), SessionPair.Seal(pair.Client, "1"u8), SessionPair.Seal(pair.Client, "2"u8)];
            foreach (int index in order[..^1])
            {
                byte[] copy = (byte[])records[index].Clone();
                Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(copy, out _, out _));
            }

            AssertFails(pair, records[order[^1]], TlsAlert.BadRecordMac);
        }
    }

    [Fact]
    public void Refuses_its_own_records_sent_back()
    {
        using var pair = new SessionPair();
        AssertFails(pair, SessionPair.Seal(pair.Server, "echo"u8), TlsAlert.BadRecordMac);
    }

    [Fact]
    public void Uses_up_no_sequence_number_twice_at_the_end_of_the_range()
    {
        using var pair = new SessionPair(sequence: ulong.MaxValue - 1);
        byte[] last = pair.FromClient(ContentType.ApplicationData, "last"u8);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(last, out _, out _));
        byte[] beyond = pair.FromClient(ContentType.ApplicationData, "beyond"u8);
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(beyond, out _, out _));
        Assert.Equal(TlsFailureReason.KeyExhausted, pair.Server.Failure!.Reason);
    }

    [Fact]
    public void Takes_several_records_from_one_buffer()
    {
        using var pair = new SessionPair();
        byte[] buffer = [.. SessionPair.Seal(pair.Client, "one"u8), .. SessionPair.Seal(pair.Client, "two"u8), 23, 3];
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(buffer, out int first, out Span<byte> plaintext));
        Assert.Equal("one"u8, plaintext);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(buffer.AsSpan(first), out int second, out plaintext));
        Assert.Equal("two"u8, plaintext);
        Assert.Equal(TlsReadStatus.NeedMore, pair.Server.Read(buffer.AsSpan(first + second), out _, out _));
        Assert.Equal(HeaderBytes - 3, buffer.Length - first - second);
    }

    private static void AssertFails(SessionPair pair, byte[] record, TlsAlert alert)
    {
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(record, out _, out Span<byte> plaintext));
        Assert.True(plaintext.IsEmpty);
        Assert.Equal(alert, pair.Server.Failure!.Alert);
        Assert.True(pair.Server.HasControlOutput);
    }
}
