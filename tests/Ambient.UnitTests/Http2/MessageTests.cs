using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>RFC 9113 8: requests and responses.</summary>
public class MessageTests
{
    private const string Connect = ":method=CONNECT|:authority=a:1";
    private const string Get = ":method=GET|:scheme=http|:path=/|:authority=a";

    [Theory]
    [InlineData(Connect + "|forwarded=for=\"10.0.0.1:5\"|baggage=k8s.cluster.name=c")]
    [InlineData(Connect + "|te=trailers|host=A:1")]
    [InlineData(":authority=[::1]:80|:method=CONNECT")]
    [InlineData(":method=CONNECT|:authority=")]
    [InlineData(Connect + "|x=")]
    [InlineData(Get)]
    [InlineData(":method=POST|:scheme=https|:path=/a?b|content-length=5")]
    [InlineData(":method=OPTIONS|:scheme=http|:path=*|:authority=a")]
    public void Section_8_3_a_well_formed_request_is_delivered_whatever_its_method(string fields)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, Fields(fields)));
        Assert.StartsWith("request 1 ", Assert.Single(peer.Events.Log), StringComparison.Ordinal);
        peer.AssertNoError();
    }

    [Theory]
    [InlineData("8_2_upper_case_name", Connect + "|Forwarded=x")]
    [InlineData("8_2_1_control_character_in_a_name", Connect + "|a\u0001=x")]
    [InlineData("8_2_1_space_in_a_name", Connect + "|a b=x")]
    [InlineData("8_2_1_colon_in_a_name", Connect + "|a:b=x")]
    [InlineData("8_2_1_character_above_0x7e_in_a_name", Connect + "|a\u00e9=x")]
    [InlineData("8_2_1_empty_name", Connect + "|=x")]
    [InlineData("8_2_1_line_feed_in_a_value", Connect + "|a=x\ny")]
    [InlineData("8_2_1_carriage_return_in_a_value", Connect + "|a=x\ry")]
    [InlineData("8_2_1_zero_in_a_value", Connect + "|a=x\0y")]
    [InlineData("8_2_1_leading_blank", Connect + "|a= x")]
    [InlineData("8_2_1_trailing_tab", Connect + "|a=x\t")]
    [InlineData("8_2_1_line_feed_in_a_pseudo_header", ":method=CONNECT|:authority=a\n:1")]
    [InlineData("8_2_2_connection", Connect + "|connection=close")]
    [InlineData("8_2_2_proxy_connection", Connect + "|proxy-connection=close")]
    [InlineData("8_2_2_keep_alive", Connect + "|keep-alive=1")]
    [InlineData("8_2_2_transfer_encoding", Connect + "|transfer-encoding=chunked")]
    [InlineData("8_2_2_upgrade", Connect + "|upgrade=h2c")]
    [InlineData("8_2_2_te", Connect + "|te=gzip")]
    [InlineData("8_3_pseudo_after_regular", ":method=CONNECT|a=b|:authority=a:1")]
    [InlineData("8_3_unknown_pseudo", Connect + "|:protocol=websocket")]
    [InlineData("8_3_empty_pseudo", Connect + "|:=x")]
    [InlineData("8_3_response_pseudo", Connect + "|:status=200")]
    [InlineData("8_3_1_duplicate_method", ":method=CONNECT|" + Connect)]
    [InlineData("8_3_1_duplicate_authority", Connect + "|:authority=a:1")]
    [InlineData("8_3_1_no_method", ":authority=a:1")]
    [InlineData("8_3_1_no_fields", "")]
    [InlineData("8_3_1_empty_method", ":method=|:scheme=http|:path=/")]
    [InlineData("8_3_1_method_no_token", ":method=GE T|:scheme=http|:path=/")]
    [InlineData("8_3_1_no_path", ":method=GET|:scheme=http|:authority=a")]
    [InlineData("8_3_1_empty_path", ":method=GET|:scheme=http|:path=|:authority=a")]
    [InlineData("8_3_1_no_scheme", ":method=GET|:path=/|:authority=a")]
    [InlineData("8_3_1_user_information", ":method=GET|:scheme=http|:path=/|:authority=user@a")]
    [InlineData("8_3_1_contradicting_host", Connect + "|host=b:1")]
    [InlineData("8_5_connect_with_scheme", ":scheme=http|" + Connect)]
    [InlineData("8_5_connect_with_path", ":path=/|" + Connect)]
    [InlineData("8_5_connect_without_authority", ":method=CONNECT")]
    [InlineData("8_1_1_content_length_no_number", Get + "|content-length=x")]
    [InlineData("8_1_1_content_length_negative", Get + "|content-length=-1")]
    [InlineData("8_1_1_content_length_empty", Get + "|content-length=")]
    [InlineData("8_1_1_content_lengths_differ", Get + "|content-length=1|content-length=2")]
    [InlineData("8_1_1_content_length_of_a_connect", Connect + "|content-length=3")]
    public void Section_8_a_malformed_request_is_a_stream_error(string section, string fields)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, Fields(fields)));
        Assert.True(peer.Events.Log.Count == 0, section);
        peer.AssertStreamError(1, Http2Error.ProtocolError);
        peer.Send(FrameBytes.Connect(3));
        Assert.Equal(["request 3 CONNECT 10.0.0.1:80"], peer.Events.Log);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Section_8_1_1_content_has_to_match_its_content_length(int length, bool malformed)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, Fields(Get + "|content-length=5")), Data(1, 2), PaddedData(1, length - 2, 9, Http2Frame.EndStream));
        Assert.Equal(malformed, peer.Take().Exists(frame => frame.Type == Http2Frame.Reset));
        Assert.Equal(malformed, peer.Events.Log[^1] == "reset 1 ProtocolError");
    }

    [Fact]
    public void Section_8_1_1_a_content_length_without_content_is_malformed()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, Fields(Get + "|content-length=5"), Http2Frame.EndHeaders | Http2Frame.EndStream));
        peer.AssertStreamError(1, Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_8_1_trailers_end_a_request_that_is_no_tunnel()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, Fields(Get)), Data(1, 5), Headers(1, Fields("a=b"), Http2Frame.EndHeaders | Http2Frame.EndStream));
        Assert.Equal(["request 1 GET a", "data 1 5 end"], peer.Events.Log);
        peer.AssertNoError();
    }

    [Theory]
    [InlineData("a=b", Http2Frame.EndHeaders)]
    [InlineData(":path=/", Http2Frame.EndHeaders | Http2Frame.EndStream)]
    [InlineData("A=b", Http2Frame.EndHeaders | Http2Frame.EndStream)]
    public void Section_8_1_malformed_trailers_are_a_stream_error(string fields, int flags)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, Fields(Get)), Headers(1, Fields(fields), flags));
        peer.AssertStreamError(1, Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_8_5_HEADERS_within_a_tunnel_are_a_stream_error()
    {
        ScriptedPeer server = ScriptedPeer.OfServer();
        server.AcceptTunnel(1);
        server.Send(Headers(1, Fields("a=b"), Http2Frame.EndHeaders | Http2Frame.EndStream));
        server.AssertStreamError(1, Http2Error.ProtocolError);
        ScriptedPeer client = ScriptedPeer.OfClient();
        client.OpenTunnel();
        client.Send(Headers(1, Fields("a=b"), Http2Frame.EndHeaders | Http2Frame.EndStream));
        client.AssertStreamError(1, Http2Error.ProtocolError);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(204, false)]
    [InlineData(503, true)]
    [InlineData(999, false)]
    public void Section_8_3_2_a_response_is_delivered(int status, bool end)
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        int flags = Http2Frame.EndHeaders | (end ? Http2Frame.EndStream : 0);
        peer.Send(Headers(streamId, Block((":status", $"{status}"), ("baggage", "a=b")), flags));
        Assert.Equal([$"response 1 {status}{(end ? " end" : "")}"], peer.Events.Log[^1..]);
        Assert.Equal("a=b", peer.Events.Headers[1].Find("baggage"u8));
        peer.AssertNoError();
    }

    [Theory]
    [InlineData("")]
    [InlineData(":status=20")]
    [InlineData(":status=2000")]
    [InlineData(":status=+20")]
    [InlineData(":status=099")]
    [InlineData(":status=101")]
    [InlineData("a=b|:status=200")]
    [InlineData(":status=200|:status=200")]
    [InlineData(":status=200|:method=GET")]
    [InlineData(":status=200|Baggage=x")]
    [InlineData(":status=200|connection=close")]
    [InlineData(":status=404|content-length=x")]
    public void Section_8_3_2_a_malformed_response_is_a_stream_error(string fields)
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Forget();
        peer.Send(Headers(streamId, Fields(fields)));
        Assert.Equal([$"reset {streamId} ProtocolError"], peer.Events.Log);
        peer.AssertStreamError(streamId, Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_8_1_interim_responses_are_consumed()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Forget();
        peer.Send(Response(streamId, "100"), Response(streamId, "103"), Response(streamId));
        Assert.Equal([$"response {streamId} 200"], peer.Events.Log);
    }

    [Fact]
    public void Section_8_1_an_interim_response_that_ends_the_stream_is_malformed()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Forget();
        peer.Send(Response(streamId, "100", Http2Frame.EndHeaders | Http2Frame.EndStream));
        peer.AssertStreamError(streamId, Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_8_1_DATA_before_the_response_is_a_stream_error()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Forget();
        peer.Send(Data(streamId, 3));
        peer.AssertStreamError(streamId, Http2Error.ProtocolError);
    }

    [Fact]
    public void Section_8_1_an_answer_that_is_no_tunnel_may_have_content_and_trailers()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Forget();
        peer.Send(Headers(streamId, Fields(":status=503|content-length=4")), Data(streamId, 4));
        peer.Send(Headers(streamId, Fields("a=b"), Http2Frame.EndHeaders | Http2Frame.EndStream));
        Assert.Equal([$"response {streamId} 503", $"data {streamId} 4 end"], peer.Events.Log);
        peer.AssertNoError();
    }

    [Fact]
    public void A_content_length_in_the_answer_that_opens_a_tunnel_is_ignored()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Send(Headers(streamId, Fields(":status=200|content-length=4")), Data(streamId, 40));
        Assert.Equal($"data {streamId} 40", peer.Events.Log[^1]);
    }

    [Fact]
    public void Section_6_2_padding_and_priority_are_taken_off_HEADERS()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] block = Fields(Connect);
        peer.Send(Headers(1, [9, 0, 0, 0, 0, 16, .. block, .. new byte[9]], Http2Frame.EndHeaders | Http2Frame.Padded | Http2Frame.HasPriority));
        Assert.Equal(["request 1 CONNECT a:1"], peer.Events.Log);
    }

    [Theory]
    [InlineData(Http2Frame.Padded, new byte[0], Http2Error.FrameSizeError)]
    [InlineData(Http2Frame.Padded, new byte[] { 1 }, Http2Error.ProtocolError)]
    [InlineData(Http2Frame.Padded, new byte[] { 4, 0, 0, 0 }, Http2Error.ProtocolError)]
    [InlineData(Http2Frame.HasPriority, new byte[] { 0, 0, 0, 0 }, Http2Error.FrameSizeError)]
    public void Section_6_2_padding_or_priority_beyond_the_frame_is_a_connection_error(int flags, byte[] payload, Http2Error error)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Headers(1, payload, flags | Http2Frame.EndHeaders));
        peer.AssertConnectionError(error);
    }

    [Fact]
    public void A_server_may_not_send_DATA_before_its_answer_nor_answer_twice()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(FrameBytes.Connect(1));
        Assert.Throws<InvalidOperationException>(() => peer.WriteData(1, 1));
        Assert.Throws<InvalidOperationException>(() => peer.Connection.EndStream(1));
        peer.Connection.SendResponse(1, 200, null, endStream: false);
        Assert.Throws<InvalidOperationException>(() => peer.Connection.SendResponse(1, 200, null, endStream: false));
    }

    private static byte[] Fields(string fields) => Block(
        [.. fields.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(field => (field[..Split(field)], field[(Split(field) + 1)..]))]);

    private static int Split(string field) => field.IndexOf('=');
}
