using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>Windows opened by drops, and data that comes in crumbs.</summary>
public class WindowAttackTests
{
    [Fact]
    public void A_window_dribbled_open_byte_by_byte_ends_the_connection()
    {
        ManualClock clock = new();
        ScriptedPeer peer = ScriptedPeer.OfServer(Http2Options.ForServer with { Clock = clock });
        peer.Send(Settings((4, 0)));
        peer.AcceptTunnel(1);
        int written = 0;
        peer.Events.WhenWritable = streamId => written += peer.WriteData(streamId, peer.Connection.SendCredit(streamId)) ? 1 : 0;
        for (int i = 0; i < 100_000 && peer.Connection.Failure is null; i++)
        {
            peer.Send(WindowUpdate(1, 1));
        }

        Assert.InRange(written, 1, 1_000);
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void A_receiver_that_returns_every_frame_by_itself_on_both_windows_is_honest()
    {
        ManualClock clock = new();
        ScriptedPeer peer = ScriptedPeer.OfServer(Http2Options.ForServer with { Clock = clock });
        peer.AcceptTunnel(1);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(peer.WriteData(1, 20));
            peer.Send(WindowUpdate(1, 20), WindowUpdate(0, 20));
        }

        Assert.Null(peer.Connection.Failure);
    }

    [Fact]
    public void A_million_DATA_frames_of_one_byte_take_no_memory_and_few_answers()
    {
        CountingEvents events = new();
        Http2Connection connection = new(Http2Role.Server, Http2Options.ForServer, events);
        connection.Start();
        Feed(connection, [.. Preface, .. Settings(), .. SettingsAck, .. Connect(1)]);
        connection.SendResponse(1, 200, null, endStream: false);
        connection.Output.Clear();
        byte[] frames = [.. Enumerable.Repeat(Data(1, 1), 1_000).SelectMany(frame => frame)];
        Feed(connection, frames);
        connection.Release(1, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int answered = 0;
        for (int i = 0; i < 1_000; i++)
        {
            Feed(connection, frames);
            connection.Release(1, 1_000);
            answered += connection.Output.Length;
            connection.Output.Clear();
        }

        // What a collection may take out of the shared pool, not a byte per frame.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_192);
        Assert.Equal(1_001_000, events.Bytes);
        Assert.InRange(answered, 0, 26);
        Assert.Null(connection.Failure);
    }

    [Fact]
    public void A_stream_nobody_reads_takes_its_window_and_leaves_the_others_theirs()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer();
        for (int streamId = 1; streamId <= 65; streamId += 2)
        {
            peer.AcceptTunnel(streamId);
        }

        for (int i = 0; i < 4; i++)
        {
            peer.Send(Data(1, 1 << 20));
        }

        for (int round = 0; round < 20; round++)
        {
            for (int streamId = 3; streamId <= 65; streamId += 2)
            {
                peer.Send(Data(streamId, 1 << 17));
                peer.Connection.Release(streamId, 1 << 17);
            }
        }

        Assert.Null(peer.Connection.Failure);
        peer.Send(Data(1, 1));
        Assert.Equal("reset 1 FlowControlError", peer.Events.Log[^1]);
    }

    private static unsafe void Feed(Http2Connection connection, byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            connection.Receive(start, bytes.Length);
        }
    }
}
