using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 3.4 and the settings of node-proxy 1.2.</summary>
public class ConnectionPrefaceTests
{
    [Fact]
    public void Section_3_4_a_client_begins_with_the_preface_and_its_settings()
    {
        ScriptedPeer peer = ScriptedPeer.FreshClient();
        Assert.True(peer.Connection.Output.Span.StartsWith(Preface));
        List<Http2Frame> frames = peer.Take();
        Assert.Equal(2, frames.Count);
        Assert.Equal(Settings((2, 0), (4, 4_194_304), (5, 1_048_576), (6, 16_384))[9..], frames[0].Payload);
        Assert.Equal((Http2Frame.WindowUpdate, 0, 16_777_216 - 65_535), (frames[1].Type, frames[1].StreamId, frames[1].FirstInt));
    }

    [Fact]
    public void Section_3_4_a_server_begins_with_its_settings()
    {
        List<Http2Frame> frames = ScriptedPeer.FreshServer().Take();
        Assert.Equal(2, frames.Count);
        Assert.Equal(Settings((3, 200), (4, 4_194_304), (5, 1_048_576), (6, 65_536))[9..], frames[0].Payload);
        Assert.Equal((Http2Frame.WindowUpdate, 0, 16_777_216 - 65_535), (frames[1].Type, frames[1].StreamId, frames[1].FirstInt));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX")]
    [InlineData("\u0016\u0003\u0001")]
    public void Section_3_4_another_preface_is_a_connection_error(string preface)
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer();
        peer.Send(System.Text.Encoding.Latin1.GetBytes(preface));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_3_4_a_preface_may_come_byte_by_byte()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer();
        foreach (byte value in (byte[])[.. Preface, .. Settings()])
        {
            peer.Send([value]);
        }

        peer.AssertNoError();
        Assert.Equal(["settings"], peer.Events.Log);
    }

    [Fact]
    public void Section_3_4_a_first_frame_that_is_not_SETTINGS_is_a_connection_error()
    {
        ScriptedPeer server = ScriptedPeer.FreshServer();
        server.Send(Preface, Ping(1));
        server.AssertConnectionError(Http2Error.ProtocolError);
        ScriptedPeer client = ScriptedPeer.FreshClient();
        client.Send(WindowUpdate(0, 1));
        client.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_3_4_an_acknowledgement_is_not_the_SETTINGS_that_have_to_come_first()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer();
        peer.Send(Preface, SettingsAck);
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_3_4_a_client_sends_requests_before_the_servers_settings_arrive()
    {
        ScriptedPeer peer = ScriptedPeer.FreshClient();
        Assert.True(peer.Connection.CanOpenStream);
        Assert.Equal(1, peer.Open());
        Assert.Equal(Http2Frame.Headers, peer.Take()[^1].Type);
    }

    [Fact]
    public void A_header_table_size_is_announced_only_when_it_is_not_the_default()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer(Http2Options.ForServer with { HeaderTableSize = 0 });
        Assert.Equal(Settings((1, 0))[9..], peer.Take()[0].Payload[..6]);
    }

    [Fact]
    public void Options_that_the_RFC_forbids_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ScriptedPeer.FreshServer(Http2Options.ForServer with { MaxFrameSize = 16_383 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScriptedPeer.FreshServer(Http2Options.ForServer with { MaxFrameSize = 1 << 24 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScriptedPeer.FreshServer(Http2Options.ForServer with { StreamWindow = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScriptedPeer.FreshServer(Http2Options.ForServer with { ConnectionWindow = 65_534 }));
    }

    [Fact]
    public void Nothing_is_received_or_sent_after_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(Http2Frame.Ping, 0, 1, new byte[8]));
        peer.AssertConnectionError(Http2Error.ProtocolError);
        peer.Events.Log.Clear();
        peer.Send(Data(1, 10), Ping(1), Connect(3));
        peer.Connection.SendPing(1);
        peer.Connection.EndStream(1);
        peer.Connection.BeginDrain();
        peer.Connection.SendGoAway(1, Http2Error.NoError);
        Assert.Equal(0, peer.Connection.SendCredit(1));
        Assert.False(peer.WriteData(1, 0));
        peer.Connection.Reset(1, Http2Error.Cancel);
        Assert.Empty(peer.Events.Log);
        Assert.Empty(peer.Take());
    }
}
