using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 4: frame sizes, unknown frames, header block continuity.</summary>
public class FrameFormatTests
{
    [Fact]
    public void Section_4_1_unknown_frame_types_are_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Frame(0xfa, 0xff, 0, new byte[100]), Frame(0xfb, 0, 77), Frame(0x10, 0, 1, new byte[60_000]), Ping(5));
        peer.AssertNoError();
        Assert.Empty(peer.Events.Log);
    }

    [Fact]
    public void Section_4_1_the_reserved_bit_of_a_stream_id_is_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] request = Connect(1);
        request[5] |= 0x80;
        peer.Send(request);
        Assert.Equal(["request 1 CONNECT 10.0.0.1:80"], peer.Events.Log);
    }

    [Fact]
    public void Section_4_1_flags_without_meaning_are_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Connect(1, flags: Http2Frame.EndHeaders | 0xc2));
        peer.Send(Data(1, 3, 0xf6));
        Assert.Equal(["request 1 CONNECT 10.0.0.1:80", "data 1 3"], peer.Events.Log);
    }

    [Fact]
    public void Section_4_2_a_frame_above_the_announced_size_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Http2Options.ForServer with { MaxFrameSize = 16_384 });
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 16_384));
        peer.AssertNoError();
        peer.Send(Data(1, 16_385)[..9]);
        peer.AssertConnectionError(Http2Error.FrameSizeError);
    }

    [Fact]
    public void Section_4_2_frames_of_the_announced_megabyte_are_taken()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Data(1, 1 << 20));
        Assert.Equal(["data 1 1048576"], peer.Events.Log);
    }

    [Theory]
    [InlineData(Http2Frame.Ping, 7, 0)]
    [InlineData(Http2Frame.Ping, 9, 0)]
    [InlineData(Http2Frame.Reset, 3, 1)]
    [InlineData(Http2Frame.Reset, 5, 1)]
    [InlineData(Http2Frame.WindowUpdate, 3, 0)]
    [InlineData(Http2Frame.WindowUpdate, 5, 1)]
    [InlineData(Http2Frame.Settings, 5, 0)]
    [InlineData(Http2Frame.GoAway, 7, 0)]
    public void Section_4_2_a_frame_of_a_wrong_size_is_a_connection_error(int type, int length, int streamId)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.AcceptTunnel(1);
        peer.Send(Frame(type, 0, streamId, new byte[length]));
        peer.AssertConnectionError(Http2Error.FrameSizeError);
    }

    [Theory]
    [InlineData(Http2Frame.Data, 1)]
    [InlineData(Http2Frame.Headers, 3)]
    [InlineData(Http2Frame.Priority, 1)]
    [InlineData(Http2Frame.Ping, 0)]
    [InlineData(0x77, 1)]
    [InlineData(Http2Frame.Continuation, 3)]
    public void Section_4_3_a_frame_within_a_header_block_is_a_connection_error(int type, int streamId)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Connect(1, flags: 0), Frame(type, 0, streamId, new byte[8]));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_4_3_a_block_that_does_not_decode_is_a_compression_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]));
        peer.AssertConnectionError(Http2Error.CompressionError);
    }

    [Fact]
    public void Section_4_3_1_a_lowered_table_size_has_to_be_confirmed_in_the_next_block()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer(Http2Options.ForServer with { HeaderTableSize = 100 });
        peer.Send(Preface, Settings(), Connect(1), SettingsAck, Connect(3));
        peer.AssertConnectionError(Http2Error.CompressionError);
    }

    [Fact]
    public void Section_4_3_1_a_lowered_table_size_that_is_confirmed_is_fine()
    {
        ScriptedPeer peer = ScriptedPeer.FreshServer(Http2Options.ForServer with { HeaderTableSize = 100 });
        byte[] block = [0x3f, 100 - 31, .. Block((":method", "CONNECT"), (":authority", "a:1"))];
        peer.Send(Preface, Settings(), SettingsAck, Headers(1, block), Connect(3));
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_10_a_block_in_pieces_is_put_together()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] block = Block((":method", "CONNECT"), (":authority", "10.0.0.1:80"));
        peer.Send(Headers(1, block[..5], Http2Frame.EndStream));
        peer.Send(Frame(Http2Frame.Continuation, 0, 1, block[5..9]), Frame(Http2Frame.Continuation, 0, 1));
        peer.Send(Frame(Http2Frame.Continuation, Http2Frame.EndHeaders, 1, block[9..]));
        Assert.Equal(["request 1 CONNECT 10.0.0.1:80 end"], peer.Events.Log);
        peer.AssertNoError();
    }

    [Fact]
    public void Section_6_10_CONTINUATION_without_HEADERS_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Frame(Http2Frame.Continuation, Http2Frame.EndHeaders, 1));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_10_CONTINUATION_after_the_end_of_a_block_is_a_connection_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Connect(1), Frame(Http2Frame.Continuation, Http2Frame.EndHeaders, 1));
        peer.AssertConnectionError(Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_6_10_a_large_block_of_ours_is_cut_to_the_peers_frame_size()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        Http2Headers headers = Http2Headers.ForConnect("10.0.0.1:80");
        headers.Add("baggage", new string('{', 40_000));
        Assert.Equal(1, peer.Connection.OpenStream(headers));
        List<Http2Frame> frames = peer.Take();
        Assert.Equal([Http2Frame.Headers, Http2Frame.Continuation, Http2Frame.Continuation], frames.Select(frame => frame.Type));
        Assert.All(frames, frame => Assert.True(frame.Payload.Length <= 16_384));
        Assert.Equal([0, 0, Http2Frame.EndHeaders], frames.Select(frame => frame.Flags));
    }
}
