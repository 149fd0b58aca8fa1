using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>Header blocks that cost more to take than to send.</summary>
public class HeaderAttackTests
{
    [Theory]
    [InlineData(0, 32)]
    [InlineData(1, 32)]
    [InlineData(16_384, 5)]
    public void Continuation_flood_ends_the_connection(int length, int mostFrames)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] frame = Frame(Http2Frame.Continuation, 0, 1, new byte[length]);
        peer.Send(Connect(1, flags: 0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int sent = 0;
        while (peer.Connection.Failure is null && sent < 1_000)
        {
            peer.Send(frame);
            sent++;
        }

        Assert.InRange(sent, 1, mostFrames);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
        Assert.Empty(peer.Events.Log);
    }

    [Fact]
    public void A_header_frame_that_announces_too_much_is_refused_before_its_bytes_arrive()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Frame(Http2Frame.Headers, Http2Frame.EndHeaders, 1, new byte[1 << 20])[..9]);
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void An_announced_length_takes_no_memory_before_its_bytes_arrive()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] front = Frame(Http2Frame.Headers, Http2Frame.EndHeaders, 1, new byte[60_000])[..10];
        long before = GC.GetAllocatedBytesForCurrentThread();
        peer.Send(front);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_096);
    }

    [Fact]
    public void A_bomb_of_references_to_one_large_entry_is_answered_with_431_and_little_memory()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] entry = [0x40, 1, (byte)'a', 0x7f, 0xa1, 0x1e, .. Enumerable.Repeat((byte)'x', 4_000)];
        byte[] bomb = [.. Block((":method", "CONNECT"), (":authority", "a:1")), .. entry, .. Enumerable.Repeat((byte)0xbe, 60_000)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        peer.Send(Headers(1, bomb));

        // Unfolded it would be 240 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600_000);
        Assert.Empty(peer.Events.Log);
        List<Http2Frame> frames = peer.Take();
        Assert.Equal([Http2Frame.Headers, Http2Frame.Reset], frames.Select(frame => frame.Type));
        Assert.Equal([0x08, 3, (byte)'4', (byte)'3', (byte)'1'], frames[0].Payload);
        Assert.Equal((int)Http2Error.NoError, frames[1].FirstInt);
        Assert.Null(peer.Connection.Failure);
        peer.Send(Connect(3));
        Assert.Equal(["request 3 CONNECT 10.0.0.1:80"], peer.Events.Log);
    }

    [Fact]
    public void A_bomb_of_insertions_of_one_large_entry_ends_the_connection_before_it_is_unfolded()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        byte[] entry = [0x40, 0x7f, 0xa1, 0x1e, .. Enumerable.Repeat((byte)'x', 4_000), 0];

        // Each pair of bytes inserts the newest entry again: its name is 4,000 bytes, its value empty.
        byte[] bomb = [.. Block((":method", "CONNECT"), (":authority", "a:1")), .. entry, .. Enumerable.Repeat<byte[]>([0x7e, 0], 29_000).SelectMany(pair => pair)];
        peer.Send(Headers(1, bomb));

        peer.AssertConnectionError(Http2Error.CompressionError);
        Assert.Empty(peer.Events.Log);
    }

    [Fact]
    public void Section_10_5_1_the_list_size_counts_names_values_and_32_for_each_field()
    {
        // :method CONNECT and :authority a:1 count 46 and 45, each further field with an empty value 33.
        const int Fixed = (7 + 7 + 32) + (10 + 3 + 32);
        ScriptedPeer peer = ScriptedPeer.OfServer(Http2Options.ForServer with { MaxHeaderListSize = Fixed + (33 * 40) });
        (string, string)[] fields = [(":method", "CONNECT"), (":authority", "a:1"), .. Enumerable.Repeat(("x", string.Empty), 40)];
        peer.Send(Headers(1, Block(fields)));
        Assert.Single(peer.Events.Log);
        peer.Send(Headers(3, Block([.. fields, ("x", string.Empty)])));
        Assert.Single(peer.Events.Log);
        Assert.Null(peer.Connection.Failure);
    }

    [Fact]
    public void A_client_resets_a_stream_whose_response_is_too_large()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient();
        int streamId = peer.Open();
        peer.Forget();
        (string, string)[] fields = [(":status", "200"), .. Enumerable.Repeat(("x", string.Empty), 1_000)];
        peer.Send(Headers(streamId, Block(fields)));
        Assert.Equal([$"reset {streamId} EnhanceYourCalm"], peer.Events.Log);
        peer.AssertStreamError(streamId, Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void Many_parameters_in_one_SETTINGS_frame_end_the_connection()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        peer.Send(Settings([.. Enumerable.Repeat((4, 5u), 65)]));
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }
}
