using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 5.2, 6.1 and 6.9.</summary>
public class FlowControlTests
{
    private static readonly Http2Options SmallWindows = Http2Options.ForServer with { StreamWindow = 100_000, ConnectionWindow = 200_000 };

    [Fact]
    public void Section_6_1_DATA_on_stream_zero_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Data(0, 1));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Section_6_1_padding_as_long_as_the_frame_is_a_connection_error(int more)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        byte[] payload = new byte[11];
        payload[0] = (byte)(11 + more);
        peer.Send(Frame(Http2Frame.Data, Http2Frame.Padded, 1, payload));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_1_a_padded_frame_without_pad_length_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(Http2Frame.Data, Http2Frame.Padded, 1));
        peer.AssertConnectionError(Http2Error.FrameSizeError);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(5, 255)]
    [InlineData(0, 0)]
    [InlineData(0, 7)]
    public void Section_6_1_padding_is_taken_off_however_it_is_cut(int length, int padding)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        foreach (byte value in PaddedData(1, length, padding, Http2Frame.EndStream))
        {
            peer.Send([value]);
        }

        Assert.Equal([0, 1, 2, 3, 4], (byte[])[.. peer.Events.DataOf(1), .. Enumerable.Range(length, 5 - length).Select(i => (byte)i)]);
        Assert.EndsWith("end", peer.Events.Log[^1], StringComparison.Ordinal);
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_9_1_padding_counts_against_the_window_and_is_given_back_by_itself()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        for (int i = 0; i < 2_000; i++)
        {
            peer.Send(PaddedData(1, 1, 255));
        }

        // 2,000 bytes are unreleased; 512,000 bytes of padding passed through a window of 100,000.
        peer.Connection.Release(1, 2_000);
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_9_1_more_than_the_streams_window_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 100_000));
        peer.AssertNoError();
        peer.Send(Data(1, 1));
        peer.AssertStreamError(1, Http2Error.FlowControlError);
    }

    [Fact]
    public void Section_6_9_1_more_than_the_connections_window_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.AcceptTunnel(3);
        peer.AcceptTunnel(5);
        peer.Send(Data(1, 100_000), Data(3, 100_000));
        peer.AssertNoError();
        peer.Send(Data(5, 1));
        peer.AssertConnectionError(Http2Error.FlowControlError);
    }

    [Fact]
    public void Released_bytes_are_announced_a_quarter_of_a_window_at_a_time()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 60_000));
        peer.Connection.Release(1, 24_999);
        Assert.Empty(peer.Take());
        peer.Connection.Release(1, 1);
        Http2Frame stream = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.WindowUpdate, 1, 25_000), (stream.Type, stream.StreamId, stream.FirstInt));
        peer.Connection.Release(1, 35_000);
        Assert.Equal([(0, 60_000), (1, 35_000)], peer.Take().Select(frame => (frame.StreamId, frame.FirstInt)));
    }

    [Fact]
    public void A_window_below_the_default_is_announced_by_its_own_quarters_on_streams_older_than_its_acknowledgement()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer(Http2Options.ForServer with { StreamWindow = 1_000 });
        peer.Send(Preface, Settings(), Connect(1), Data(1, 2_000), SettingsAck);
        peer.Forget();
        peer.Connection.Release(1, 250);
        Assert.Equal((1, 250), (peer.Connection.Output.Length / 13, Assert.Single(peer.Take()).FirstInt));
        peer.Connection.Release(1, 1_750);
        Assert.Equal(1_750, Assert.Single(peer.Take()).FirstInt);
    }

    [Fact]
    public void A_stream_that_has_ended_gets_no_more_window()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 60_000, Http2Frame.EndStream));
        peer.Connection.Release(1, 60_000);
        Assert.Equal([0], peer.Take().Select(frame => frame.StreamId));
    }

    [Fact]
    public void Bytes_of_a_closed_stream_stay_charged_until_they_are_released()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 100_000, Http2Frame.EndStream));
        peer.Connection.EndStream(1);
        Assert.Equal(0, peer.Connection.ActiveStreams);
        Assert.DoesNotContain(peer.Take(), frame => frame.Type == Http2Frame.WindowUpdate);
        peer.Connection.Release(1, 99_999);
        Assert.Equal([(0, 99_999)], peer.Take().Select(frame => (frame.StreamId, frame.FirstInt)));
        peer.Connection.Release(1, 1);
        peer.Connection.Release(1, 1);
        peer.AssertNoError();
    }

    [Theory]
    [InlineData(Http2Error.NoError, false)]
    [InlineData(Http2Error.Cancel, false)]
    [InlineData(Http2Error.InternalError, true)]
    public void Bytes_of_a_stream_reset_by_the_peer_wait_only_after_an_orderly_reset(Http2Error error, bool givenBack)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 100_000), Reset(1, (int)error));
        Assert.Equal(givenBack, peer.Take().Exists(frame => frame.Type == Http2Frame.WindowUpdate));
        peer.Connection.Release(1, 100_000);
        Assert.Equal(!givenBack, peer.Take().Exists(frame => frame.Type == Http2Frame.WindowUpdate));
    }

    [Fact]
    public void Dropping_a_stream_gives_its_bytes_back_to_the_connection()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.AcceptTunnel(3);
        peer.Send(Data(1, 100_000), Data(3, 100_000), Reset(3, 8));
        peer.Connection.Reset(1, Http2Error.Cancel);
        peer.Connection.Reset(3, Http2Error.Cancel);
        Assert.Equal(200_000, peer.Take().Where(frame => frame.Type == Http2Frame.WindowUpdate).Sum(frame => frame.FirstInt));
    }

    [Fact]
    public void Data_of_streams_that_were_reset_is_given_back_at_once()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Connection.Reset(1, Http2Error.Cancel);
        peer.Take();
        for (int i = 0; i < 100; i++)
        {
            peer.Send(Data(1, 50_000));
        }

        Assert.Equal(5_000_000, peer.Take().Sum(frame => frame.FirstInt));
        Assert.Null(peer.Connection.Failure);
    }

    [Fact]
    public void A_stream_reset_in_the_middle_of_a_frame_gets_none_of_its_rest()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(SmallWindows);
        peer.AcceptTunnel(1);
        peer.Events.WhenData = streamId => peer.Connection.Reset(streamId, Http2Error.Cancel);
        byte[] frame = Data(1, 60_000, Http2Frame.EndStream);
        peer.Send(frame[..1_000], frame[1_000..30_000], frame[30_000..], Ping(1));
        Assert.Equal(["data 1 991"], peer.Events.Log);
        Assert.Equal(60_000, peer.Take().Where(sent => sent.Type == Http2Frame.WindowUpdate).Sum(sent => sent.FirstInt));
    }

    [Fact]
    public void Releasing_more_than_was_received_is_a_bug_of_the_caller()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => peer.Connection.Release(1, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => peer.Connection.Release(1, -1));
        peer.Connection.Release(1, 10);
    }

    [Fact]
    public void Section_6_9_window_update_of_zero_on_a_stream_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(WindowUpdate(1, 0));
        Assert.Equal(["reset 1 ProtocolError"], peer.Events.Log);
        peer.AssertStreamError(1, Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_9_window_update_of_zero_on_the_connection_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(WindowUpdate(0, 0));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_9_1_a_stream_window_above_the_maximum_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(WindowUpdate(1, int.MaxValue - 65_535));
        peer.AssertNoError();
        peer.Send(WindowUpdate(1, 1));
        peer.AssertStreamError(1, Http2Error.FlowControlError);
    }

    [Fact]
    public void Section_6_9_1_a_connection_window_above_the_maximum_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(WindowUpdate(0, int.MaxValue - 65_535));
        peer.AssertNoError();
        peer.Send(WindowUpdate(0, 1));
        peer.AssertConnectionError(Http2Error.FlowControlError);
    }

    [Fact]
    public void Section_6_9_1_the_reserved_bit_of_an_increment_is_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(WindowUpdate(0, unchecked((int)0x8000_0005)), WindowUpdate(1, unchecked((int)0x8000_0005)));
        Assert.Equal(65_540, peer.Connection.SendCredit(1));
    }

    [Fact]
    public void Section_6_9_1_nothing_is_sent_beyond_either_window()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.AcceptTunnel(3);
        for (int sent = 0; sent < 65_535; sent += 13_107)
        {
            Assert.True(peer.WriteData(1, 13_107));
        }

        Assert.Equal((0, 0), (peer.Connection.SendCredit(1), peer.Connection.SendCredit(3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => peer.WriteData(3, 1));
        Assert.True(peer.WriteData(3, 0));
        peer.Send(WindowUpdate(1, 500));
        Assert.Empty(peer.Events.Log);
        peer.Send(WindowUpdate(0, 100));
        Assert.Equal(["writable 0"], peer.Events.Log);
        Assert.Equal((100, 100), (peer.Connection.SendCredit(1), peer.Connection.SendCredit(3)));
    }

    [Fact]
    public void Section_6_9_1_END_STREAM_needs_no_window()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Settings((4, 0)));
        int streamId = peer.OpenTunnel();
        Assert.Equal(0, peer.Connection.SendCredit(streamId));
        peer.Connection.EndStream(streamId);
        peer.Connection.EndStream(streamId);
        Assert.Equal(Http2Frame.EndStream, Assert.Single(peer.Take()).Flags);
        Assert.False(peer.WriteData(streamId, 0));
    }
}
