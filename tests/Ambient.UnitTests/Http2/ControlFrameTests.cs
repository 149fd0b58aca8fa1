using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 6.3 to 6.8, apart from SETTINGS and the windows.</summary>
public class ControlFrameTests
{
    [Fact]
    public void Section_6_3_PRIORITY_is_ignored_in_every_stream_state()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(Http2Frame.Priority, 0, 1, 0, 0, 0, 1, 7), Frame(Http2Frame.Priority, 0, 99, new byte[5]));
        peer.AssertNoError();
        Assert.Empty(peer.Events.Log);
    }

    [Fact]
    public void Section_6_3_PRIORITY_on_stream_zero_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Frame(Http2Frame.Priority, 0, 0, new byte[5]));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_3_PRIORITY_of_a_wrong_size_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(Http2Frame.Priority, 0, 1, new byte[4]));
        peer.AssertStreamError(1, Http2Error.FrameSizeError);
    }

    [Theory]
    [InlineData(Http2Error.NoError)]
    [InlineData(Http2Error.Cancel)]
    [InlineData(Http2Error.StreamClosed)]
    [InlineData(Http2Error.InternalError)]
    public void Section_6_4_the_code_of_RST_STREAM_reaches_the_application(Http2Error error)
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.OpenTunnel();
        peer.Send(Reset(streamId, (int)error));
        Assert.Equal([$"reset {streamId} {error}"], peer.Events.Log);
        Assert.Equal(0, peer.Connection.ActiveStreams);
        Assert.Equal(0, peer.Connection.SendCredit(streamId));
        Assert.False(peer.WriteData(streamId, 1));
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_4_RST_STREAM_on_stream_zero_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Reset(0, 8));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_6_PUSH_PROMISE_is_a_connection_error_for_both_roles()
    {
        ScriptedPeer server = ScriptedPeer.OfServer();
        server.AcceptTunnel(1);
        server.Send(Frame(Http2Frame.PushPromise, 4, 1, 0, 0, 0, 2));
        server.AssertConnectionError(Http2Error.ProtocolError);
        ScriptedPeer client = ScriptedPeer.OfClient();
        client.OpenTunnel();
        client.Send(Frame(Http2Frame.PushPromise, 4, 1, 0, 0, 0, 2));
        client.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_7_PING_is_answered_with_the_same_payload()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Ping(0x0102030405060708));
        Http2Frame answer = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.Ping, Http2Frame.Ack, 0), (answer.Type, answer.Flags, answer.StreamId));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], answer.Payload);
    }

    [Fact]
    public void Section_6_7_an_acknowledged_PING_is_reported_and_not_answered()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Connection.SendPing(42);
        Assert.Equal(0, Assert.Single(peer.Take()).Flags);
        peer.Send(Ping(42, Http2Frame.Ack));
        Assert.Equal(["pong 42"], peer.Events.Log);
        Assert.Empty(peer.Take());
    }

    [Fact]
    public void Section_6_7_PING_on_a_stream_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(Http2Frame.Ping, 0, 1, new byte[8]));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_8_GOAWAY_on_a_stream_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Frame(Http2Frame.GoAway, 0, 1, new byte[8]));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_8_streams_above_the_last_one_are_refused_and_others_live_on()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int first = peer.OpenTunnel();
        int second = peer.OpenTunnel();
        int third = peer.Open();
        peer.Send(GoAway(first, 0));
        Assert.Equal($"goaway {first} NoError", peer.Events.Log[0]);
        Assert.Equal([$"reset {second} RefusedStream", $"reset {third} RefusedStream"], peer.Events.Log[1..].Order());
        Assert.False(peer.Connection.CanOpenStream);
        Assert.Equal(-1, peer.Connection.OpenStream(Http2Headers.ForConnect("x:1")));
        Assert.Equal(1, peer.Connection.ActiveStreams);
        peer.Send(Data(first, 5));
        Assert.Equal($"data {first} 5", peer.Events.Log[^1]);
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_8_a_later_GOAWAY_may_lower_the_last_stream_only()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.OpenTunnel();
        peer.Send(GoAway(int.MaxValue, 0), GoAway(1, 0), GoAway(1, 0));
        peer.AssertNoError();
        peer.Send(GoAway(3, 0));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_8_debug_data_is_skipped_whatever_its_size()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Frame(Http2Frame.GoAway, 0, 0, [.. Int(0), .. Int(11), .. new byte[500_000]]), Ping(1));
        Assert.Equal(["goaway 0 EnhanceYourCalm"], peer.Events.Log);
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_8_the_GOAWAY_of_an_error_names_the_last_stream_that_was_processed()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(7);
        peer.Send(Reset(0, 1));
        Assert.Equal(7, peer.Take()[^1].FirstInt);
    }

    [Fact]
    public void A_reset_by_the_application_is_sent_once_and_not_reported()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.OpenTunnel();
        peer.Connection.Reset(streamId, Http2Error.Cancel);
        peer.Connection.Reset(streamId, Http2Error.Cancel);
        Http2Frame reset = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.Reset, streamId, (int)Http2Error.Cancel), (reset.Type, reset.StreamId, reset.FirstInt));
        Assert.Empty(peer.Events.Log);
        Assert.Equal(0, peer.Connection.ActiveStreams);
    }
}
