using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 6.5.</summary>
public class SettingsTests
{
    [Fact]
    public void Section_6_5_SETTINGS_are_acknowledged_and_reported()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Settings((4, 100)));
        Http2Frame answer = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.Settings, Http2Frame.Ack, 0, 0), (answer.Type, answer.Flags, answer.StreamId, answer.Payload.Length));
        Assert.Equal(["settings"], peer.Events.Log);
    }

    [Fact]
    public void Section_6_5_an_acknowledgement_with_payload_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer();
        peer.Send(Preface, Settings(), Frame(Http2Frame.Settings, Http2Frame.Ack, 0, new byte[6]));
        peer.AssertConnectionError(Http2Error.FrameSizeError);
    }

    [Fact]
    public void Section_6_5_SETTINGS_on_a_stream_are_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(Http2Frame.Settings, 0, 1));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_5_2_unknown_settings_are_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Settings((0, 1), (8, 1), (0xfff0, uint.MaxValue)));
        peer.AssertNoError();
    }

    [Theory]
    [InlineData(2, 2u, Http2Error.ProtocolError)]
    [InlineData(4, 0x8000_0000u, Http2Error.FlowControlError)]
    [InlineData(5, 16_383u, Http2Error.ProtocolError)]
    [InlineData(5, 16_777_216u, Http2Error.ProtocolError)]
    public void Section_6_5_2_a_value_out_of_range_is_a_connection_error(int id, uint value, Http2Error error)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Settings((id, value)));
        peer.AssertConnectionError(error);
    }

    [Fact]
    public void Section_6_5_2_a_server_may_not_enable_push()
    {
        ScriptedPeer client = ScriptedPeer.OfClient();
        client.Send(Settings((2, 0)));
        client.AssertNoError();
        client.Send(Settings((2, 1)));
        client.AssertConnectionError(Http2Error.ProtocolError);
        ScriptedPeer server = ScriptedPeer.OfServer();
        server.Send(Settings((2, 1)));
        server.AssertNoError();
    }

    [Fact]
    public void Section_6_5_3_the_last_of_repeated_values_counts()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Settings((4, 10), (4, 70_000), (4, 20)));
        Assert.Equal(20, peer.Connection.SendCredit(peer.Open()));
    }

    [Fact]
    public void Section_6_5_3_an_acknowledgement_of_nothing_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(SettingsAck);
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_5_2_the_peers_frame_size_bounds_what_is_sent()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.OpenTunnel();
        Assert.Equal(16_384, peer.Connection.MaxSendFrameSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => peer.WriteData(streamId, 16_385));
        peer.Send(Settings((5, 20_000)));
        Assert.Equal(20_000, peer.Connection.MaxSendFrameSize);
        Assert.True(peer.WriteData(streamId, 20_000));
    }

    [Fact]
    public void Section_4_3_1_a_lowered_header_table_is_confirmed_in_our_next_block()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Settings((1, 4_096)));
        peer.Take();
        peer.Open();
        Assert.NotEqual(0x20, peer.Take()[^1].Payload[0]);
        peer.Send(Settings((1, 0)));
        peer.Take();
        peer.Open();
        Assert.Equal(0x20, peer.Take()[^1].Payload[0]);
        peer.Open();
        Assert.NotEqual(0x20, peer.Take()[^1].Payload[0]);
    }

    [Fact]
    public void Section_6_9_2_a_change_of_the_initial_window_adjusts_open_streams_below_zero()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.OpenTunnel();
        Assert.True(peer.WriteData(streamId, 10_000));
        peer.Send(Settings((4, 4_000)));
        Assert.Equal(0, peer.Connection.SendCredit(streamId));
        Assert.Equal(4_000, peer.Connection.SendCredit(peer.Open()));
        peer.Forget();
        peer.Send(WindowUpdate(streamId, 6_000));
        Assert.Empty(peer.Events.Log);
        peer.Send(WindowUpdate(streamId, 1));
        Assert.Equal([$"writable {streamId}"], peer.Events.Log);
        Assert.Equal(1, peer.Connection.SendCredit(streamId));
    }

    [Fact]
    public void Section_6_9_2_a_raised_initial_window_wakes_exhausted_streams_and_leaves_the_connection_alone()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Settings((4, 100)));
        int streamId = peer.OpenTunnel();
        Assert.True(peer.WriteData(streamId, 100));
        peer.Send(Settings((4, 100_000)));
        Assert.Equal(["writable 0", "settings"], peer.Events.Log);
        Assert.Equal(65_435, peer.Connection.SendCredit(streamId));
    }

    [Fact]
    public void Section_6_9_2_an_initial_window_that_overflows_a_stream_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.OpenTunnel();
        peer.Send(WindowUpdate(streamId, 100_000), Settings((4, int.MaxValue)));
        peer.AssertConnectionError(Http2Error.FlowControlError);
    }

    [Fact]
    public void Section_6_5_3_a_smaller_window_of_ours_counts_from_its_acknowledgement()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer(Http2Options.ForServer with { StreamWindow = 1_000 });
        peer.Send(Preface, Settings(), Connect(1), Data(1, 15_000));
        peer.AssertNoError();
        peer.Send(SettingsAck, Data(1, 1));
        peer.AssertStreamError(1, Http2Error.FlowControlError);
        peer.Send(Connect(3), Data(3, 1_000));
        peer.AssertNoError();
        peer.Send(Data(3, 1));
        peer.AssertStreamError(3, Http2Error.FlowControlError);
    }
}
