using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 5.1: stream states and identifiers, and the errors of 5.4.</summary>
public class StreamStateTests
{
    public static TheoryData<byte[]> FramesOnStreamFive => new()
    {
        Data(5, 1), Reset(5, 8), WindowUpdate(5, 1),
    };

    [Theory]
    [MemberData(nameof(FramesOnStreamFive))]
    public void Section_5_1_a_frame_on_an_idle_stream_is_a_connection_error(byte[] frame)
    {
        ScriptedPeer server = ScriptedPeer.OfServer();
        server.AcceptTunnel(1);
        server.Send(frame);
        server.AssertConnectionError(Http2Error.ProtocolError);
        ScriptedPeer client = ScriptedPeer.OfClient();
        client.OpenTunnel();
        client.Send(frame);
        client.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_5_1_a_response_on_an_idle_stream_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Response(1));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_5_1_DATA_after_END_STREAM_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 3, Http2Frame.EndStream), Data(1, 3));
        Assert.Equal(["data 1 3 end", "reset 1 StreamClosed"], peer.Events.Log);
        peer.AssertStreamError(1, Http2Error.StreamClosed);
    }

    [Fact]
    public void Section_5_1_HEADERS_after_END_STREAM_are_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 3, Http2Frame.EndStream), Connect(1));
        peer.AssertStreamError(1, Http2Error.StreamClosed);
    }

    [Fact]
    public void Section_5_1_a_half_closed_stream_takes_WINDOW_UPDATE_PRIORITY_and_RST_STREAM()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 3, Http2Frame.EndStream), WindowUpdate(1, 5), Frame(Http2Frame.Priority, 0, 1, new byte[5]));
        Assert.Equal(65_535, peer.Connection.SendCredit(1));
        peer.Send(Reset(1, 0));
        Assert.Equal(["data 1 3 end", "reset 1 NoError"], peer.Events.Log);
        peer.AssertNoError();
    }

    [Fact]
    public void Section_5_1_the_open_half_of_a_stream_still_sends()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 0, Http2Frame.EndStream));
        Assert.True(peer.WriteData(1, 100));
        peer.Connection.EndStream(1);
        Http2Frame end = Assert.Single(peer.Take());
        Assert.Equal((Http2Frame.Data, Http2Frame.EndStream, 1, 0), (end.Type, end.Flags, end.StreamId, end.Payload.Length));
        Assert.Equal(0, peer.Connection.ActiveStreams);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Section_5_1_a_frame_on_a_stream_ended_by_both_sides_is_a_connection_error(bool data)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 0, Http2Frame.EndStream));
        peer.Connection.EndStream(1);
        peer.Send(data ? Data(1, 1) : Connect(1));
        peer.AssertConnectionError(Http2Error.StreamClosed);
    }

    [Fact]
    public void Section_5_1_late_WINDOW_UPDATE_and_RST_STREAM_on_a_closed_stream_are_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 0, Http2Frame.EndStream));
        peer.Connection.EndStream(1);
        peer.Forget();
        peer.Send(WindowUpdate(1, 5), WindowUpdate(1, 0), Reset(1, 0), Frame(Http2Frame.Priority, 0, 1, new byte[5]));
        peer.AssertNoError();
        Assert.Empty(peer.Events.Log);
    }

    [Fact]
    public void Section_5_1_whatever_was_under_way_when_we_reset_a_stream_is_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Connection.Reset(1, Http2Error.Cancel);
        peer.Forget();
        byte[] trailers = Headers(1, [0x40, 1, (byte)'a', 1, (byte)'b'], Http2Frame.EndHeaders | Http2Frame.EndStream);
        peer.Send(Data(1, 1_000), WindowUpdate(1, 7), trailers, Reset(1, 8));
        peer.AssertNoError();
        Assert.Empty(peer.Events.Log);

        // The header block was decoded nevertheless: its entry can be referred to.
        peer.Send(Headers(3, [.. Block((":method", "CONNECT"), (":authority", "b:1")), 0xbe]));
        Assert.Equal("b", peer.Events.Headers[3].Find("a"u8));
    }

    [Fact]
    public void Section_5_1_DATA_after_the_peers_own_RST_STREAM_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Reset(1, 8), Data(1, 1));
        peer.AssertStreamError(1, Http2Error.StreamClosed);
        peer.Send(Data(1, 1));
        peer.AssertNoError();
    }

    [Fact]
    public void Section_5_1_HEADERS_after_the_peers_own_RST_STREAM_are_a_stream_error()
    {
        ScriptedPeer server = ScriptedPeer.OfServer();
        server.AcceptTunnel(1);
        server.Send(Reset(1, 8), Connect(1));
        server.AssertStreamError(1, Http2Error.StreamClosed);
        ScriptedPeer client = ScriptedPeer.OfClient();
        client.OpenTunnel();
        client.Send(Reset(1, 8), Response(1));
        client.AssertStreamError(1, Http2Error.StreamClosed);
    }

    [Fact]
    public void Section_5_1_1_a_client_uses_odd_ids_in_sequence()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        Assert.Equal([1, 3, 5], new[] { peer.Open(), peer.Open(), peer.Open() });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Section_5_1_1_a_request_on_an_even_stream_is_a_connection_error(int streamId)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Connect(streamId));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_5_1_1_a_response_on_an_even_stream_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Open();
        peer.Send(Response(2));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_5_1_1_a_request_on_a_lower_stream_than_before_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Connect(5), Connect(3));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_5_1_2_streams_above_the_announced_number_are_refused()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Http2Options.ForServer with { MaxConcurrentStreams = 2 });
        peer.Send(Connect(1), Connect(3), Connect(5));
        peer.AssertStreamError(5, Http2Error.RefusedStream);
        Assert.Equal(2, peer.Connection.ActiveStreams);
        peer.Send(Reset(1, 8), Connect(7));
        peer.AssertNoError();
    }

    [Fact]
    public void Section_5_1_2_half_closed_streams_count_and_closed_ones_do_not()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Http2Options.ForServer with { MaxConcurrentStreams = 1 });
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 0, Http2Frame.EndStream), Connect(3));
        peer.AssertStreamError(3, Http2Error.RefusedStream);
        peer.Connection.EndStream(1);
        peer.Send(Connect(5));
        Assert.Equal("request 5 CONNECT 10.0.0.1:80", peer.Events.Log[^1]);
    }

    [Fact]
    public void Section_5_1_2_a_client_keeps_to_the_servers_limit()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Settings((3, 2)));
        peer.Open();
        int second = peer.Open();
        Assert.False(peer.Connection.CanOpenStream);
        Assert.Equal(-1, peer.Connection.OpenStream(Http2Headers.ForConnect("x:1")));
        peer.Send(Reset(second, 7));
        Assert.True(peer.Connection.CanOpenStream);
        peer.Send(Settings((3, 0)));
        Assert.False(peer.Connection.CanOpenStream);
    }

    [Fact]
    public void A_client_keeps_to_its_own_limit_whatever_the_server_allows()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        peer.Send(Settings((3, 1_000)));
        for (int i = 0; i < 100; i++)
        {
            peer.Open();
        }

        Assert.False(peer.Connection.CanOpenStream);
    }

    [Fact]
    public void Section_5_4_2_RST_STREAM_is_never_answered_with_RST_STREAM()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Reset(1, 8), Reset(1, 8), Reset(1, 1));
        peer.AssertNoError();
    }
}
