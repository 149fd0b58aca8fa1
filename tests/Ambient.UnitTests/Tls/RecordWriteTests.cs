using Ambient.Tls;
using Ambient.Tls.Records;

namespace Ambient.UnitTests.Tls;

public sealed class RecordWriteTests
{
    [Fact]
    public void Restores_the_byte_behind_the_plaintext()
    {
        using var pair = new SessionPair();
        byte[] slot = [1, 2, 3, 0xEE, 0xDD];
        byte[] record = new byte[3 + TlsSession.Overhead];
        Assert.Equal(record.Length, pair.Client.Seal(slot, 3, record));
        Assert.Equal([1, 2, 3, 0xEE, 0xDD], slot);
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(record, out _, out Span<byte> plaintext));
        Assert.Equal([1, 2, 3], plaintext.ToArray());
    }

    [Fact]
    public void Refuses_buffers_that_are_too_small()
    {
        using var pair = new SessionPair();
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.Seal(new byte[3], 3, new byte[100]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.Seal(new byte[4], 3, new byte[3 + TlsSession.Overhead - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.Seal(new byte[4], -1, new byte[100]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.Seal(new byte[20000], TlsSession.MaxPlaintext + 1, new byte[20000]));
    }

    [Fact]
    public void Updates_its_key_before_the_limit()
    {
        using var pair = new SessionPair(sequence: RecordWriter.UpdateAfterRecords - 2);
        Deliver(pair, SessionPair.Seal(pair.Client, "a"u8));
        Assert.False(pair.Client.HasControlOutput);
        Deliver(pair, SessionPair.Seal(pair.Client, "b"u8));
        Assert.True(pair.Client.HasControlOutput);

        // The caller may still send what it had ready.
        Deliver(pair, SessionPair.Seal(pair.Client, "c"u8));
        Assert.Equal(TlsReadStatus.Skipped, pair.Server.Read(SessionPair.Control(pair.Client), out _, out _));
        Assert.False(pair.Server.HasControlOutput);
        Deliver(pair, SessionPair.Seal(pair.Client, "d"u8));
        Assert.False(pair.Client.HasControlOutput);
    }

    [Fact]
    public void Stops_at_the_limit_if_the_key_update_is_never_sent()
    {
        using var pair = new SessionPair(sequence: RecordWriter.MaxRecordsPerKey - 1);
        Deliver(pair, SessionPair.Seal(pair.Client, "last"u8));
        Assert.Equal(0, pair.Client.Seal(new byte[2], 1, new byte[100]));
        Assert.Equal(TlsFailureReason.KeyExhausted, pair.Client.Failure!.Reason);
        Assert.Equal(TlsReadStatus.Failed, pair.Server.Read(SessionPair.Control(pair.Client), out _, out _));
        Assert.Equal(TlsAlert.InternalError, pair.Server.Failure!.Alert);
    }

    [Fact]
    public void The_largest_control_output_fits_the_size_it_promises()
    {
        using var pair = new SessionPair(sequence: RecordWriter.UpdateAfterRecords);
        SessionPair.Seal(pair.Client, "a"u8);
        pair.Client.Close();
        byte[] output = new byte[TlsSession.MaxControlBytes];
        int written = pair.Client.WriteControl(output);
        Assert.False(pair.Client.HasControlOutput);
        Assert.InRange(written, 1, TlsSession.MaxControlBytes);
    }

    [Theory]
    [InlineData(TlsSuite.Aes128GcmSha256)]
    [InlineData(TlsSuite.Aes256GcmSha384)]
    public void A_state_written_out_and_read_back_goes_on_where_it_was(TlsSuite suite)
    {
        using TlsTrafficState state = SessionPair.State(suite, 0x42, 1234567);
        state.Update();
        state.Sequence = 77;
        byte[] exported = new byte[TlsTrafficState.ExportedBytes];
        state.Export(exported);
        using TlsTrafficState copy = TlsTrafficState.Import(exported);
        Assert.Equal(suite, copy.Suite);
        Assert.Equal(77UL, copy.Sequence);
        Assert.Equal(state.Key, copy.Key);
        Assert.Equal(state.Iv, copy.Iv);
        state.Update();
        copy.Update();
        Assert.Equal(state.Key, copy.Key);
        Assert.Equal(0UL, copy.Sequence);
    }

    [Fact]
    public void Refuses_to_import_what_is_not_a_state()
    {
        Assert.Throws<ArgumentException>(() => TlsTrafficState.Import(new byte[TlsTrafficState.ExportedBytes]));
        Assert.Throws<ArgumentException>(() => TlsTrafficState.Import([0x13, 0x01, 0]));
    }

    [Fact]
    public void A_disposed_session_is_refused_not_used()
    {
        var pair = new SessionPair();
        byte[] record = SessionPair.Seal(pair.Client, "x"u8);
        Assert.Equal(TlsReadStatus.NeedMore, pair.Server.Read([], out _, out _));
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pair.Client.Seal(new byte[2], 1, new byte[100]));
        Assert.Throws<ObjectDisposedException>(() => pair.Server.Read(record, out _, out _));
        Assert.Throws<ObjectDisposedException>(() => pair.Server.WriteControl(new byte[100]));
    }

    private static void Deliver(SessionPair pair, byte[] record) =>
        Assert.Equal(TlsReadStatus.ApplicationData, pair.Server.Read(record, out _, out _));
}
