using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>node-proxy 10.2 step 3.</summary>
public class DrainTests
{
    [Fact]
    public void A_server_warns_waits_a_round_trip_and_then_names_the_last_stream()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Connection.BeginDrain();
        peer.Connection.BeginDrain();
        List<Http2Frame> frames = peer.Take();
        Assert.Equal([Http2Frame.GoAway, Http2Frame.Ping], frames.Select(frame => frame.Type));
        Assert.Equal((int.MaxValue, 0), (frames[0].FirstInt, frames[0].SecondInt));
        Assert.True(peer.Connection.IsDraining);

        // A request that was under way is still taken, and is counted in.
        peer.Send(Connect(3));
        peer.Send(Frame(Http2Frame.Ping, Http2Frame.Ack, 0, frames[1].Payload));
        Assert.Equal(["request 3 CONNECT 10.0.0.1:80"], peer.Events.Log);
        Http2Frame final = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.GoAway, 3, 0), (final.Type, final.FirstInt, final.SecondInt));
    }

    [Fact]
    public void Existing_streams_continue_and_new_ones_are_ignored_after_the_final_GOAWAY()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Connection.BeginDrain();
        peer.Send(Frame(Http2Frame.Ping, Http2Frame.Ack, 0, peer.Take()[1].Payload));
        peer.Forget();
        peer.Send(Connect(3), Data(3, 100), WindowUpdate(3, 1), Reset(3, 8), Data(1, 5));
        Assert.Equal(["data 1 5"], peer.Events.Log);
        Assert.True(peer.WriteData(1, 100));
        peer.AssertNoError();
        Assert.Equal(1, peer.Connection.ActiveStreams);
    }

    [Fact]
    public void A_keepalive_PING_under_way_does_not_end_the_round_trip()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Connection.SendPing(7);
        peer.Connection.BeginDrain();
        peer.Take();
        peer.Send(Ping(7, Http2Frame.Ack));
        Assert.Equal(["pong 7"], peer.Events.Log);
        Assert.Empty(peer.Take());
    }

    [Fact]
    public void A_client_says_goodbye_once_and_opens_no_more_streams()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.OpenTunnel();
        peer.Connection.BeginDrain();
        Http2Frame goodbye = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.GoAway, 0, 0), (goodbye.Type, goodbye.FirstInt, goodbye.SecondInt));
        Assert.False(peer.Connection.CanOpenStream);
        peer.Send(Data(streamId, 5));
        Assert.Equal([$"data {streamId} 5"], peer.Events.Log);
    }

    [Fact]
    public void An_abrupt_GOAWAY_is_sent_at_once_and_never_raises_the_last_stream()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Connection.SendGoAway(1, Http2Error.NoError);
        peer.Connection.SendGoAway(9, Http2Error.NoError);
        Assert.Equal([1, 1], peer.Take().Select(frame => frame.FirstInt));
        peer.Send(Connect(3));
        Assert.Empty(peer.Events.Log);
    }
}
