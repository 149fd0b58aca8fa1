using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>
/// The attacks of architecture 4.3. Each test counts what the peer could make this side do, and the memory it took, before
/// the connection ended with ENHANCE_YOUR_CALM; or shows that the work stays in proportion to the bytes received.
/// </summary>
public class AttackTests
{
    private const int Flood = 100_000;
    private readonly ManualClock _clock = new();

    private Http2Options Server => Http2Options.ForServer with { Clock = _clock };

    public static TheoryData<string, byte[]> FramesThatCarryNothing => new()
    {
        { "PING", Ping(1) },
        { "PING acknowledgement", Ping(1, Http2Frame.Ack) },
        { "SETTINGS", Settings() },
        { "SETTINGS of the greatest number of entries", Settings([.. Enumerable.Repeat((6, 5u), 64)]) },
        { "empty DATA", Data(1, 0) },
        { "DATA of padding only", PaddedData(1, 0, 1) },
        { "empty DATA on a stream that was reset", Data(3, 0) },
        { "WINDOW_UPDATE", WindowUpdate(0, 1) },
        { "WINDOW_UPDATE on a closed stream", WindowUpdate(3, 1) },
        { "PRIORITY", Frame(Http2Frame.Priority, 0, 1, new byte[5]) },
        { "RST_STREAM on a closed stream", Reset(3, 8) },
        { "an unknown frame", Frame(0x20, 0, 0) },
        { "GOAWAY", GoAway(0, 0) },
        { "HEADERS on a stream that was reset", Connect(3) },
    };

    [Theory]
    [MemberData(nameof(FramesThatCarryNothing))]
    public void A_flood_of_frames_that_carry_nothing_ends_the_connection(string name, byte[] frame)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        peer.AcceptTunnel(1);
        peer.AcceptTunnel(3);
        peer.Connection.Reset(3, Http2Error.Cancel);
        peer.Forget();
        (int sent, long allocated) = SendUntilFailure(peer, _ => frame);
        Assert.True(sent <= 10_001, $"{name}: {sent} frames");
        Assert.True(allocated < 2_000_000, $"{name}: {allocated} bytes");
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void A_peer_that_asks_and_does_not_fetch_the_answers_is_cut_off()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        (int sent, _) = SendUntilFailure(peer, _ => Ping(1), fetches: false);
        Assert.InRange(sent, 3_000, 4_000);
        Assert.InRange(peer.Connection.Output.Length, 1, 66_000);
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void Overhead_at_an_ordinary_rate_is_endured_for_ever()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        for (int second = 0; second < 200; second++)
        {
            for (int i = 0; i < 900; i++)
            {
                peer.Send(Ping(i));
            }

            peer.Take();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(peer.Connection.Failure);
    }

    [Fact]
    public void An_honest_peer_never_makes_the_clock_be_read()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        peer.AcceptTunnel(1);
        int reads = _clock.Reads;
        for (int i = 0; i < 9_000; i++)
        {
            peer.Send(Data(1, 100), Ping(1));
            peer.Connection.Release(1, 100);
            peer.Take();
        }

        Assert.Equal(reads, _clock.Reads);
    }

    [Fact]
    public void Rapid_reset_ends_the_connection_after_its_burst()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        (int sent, long allocated) = SendUntilFailure(peer, i => [.. Connect((2 * i) + 1), .. Reset((2 * i) + 1, 8)]);
        Assert.Equal(401, sent);
        Assert.Equal(401, peer.Events.Headers.Count);
        Assert.True(allocated < 2_000_000, $"{allocated} bytes");
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void Resets_at_an_ordinary_rate_are_endured_for_ever()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        for (int i = 0; i < 20_000; i++)
        {
            peer.Send(Connect((2 * i) + 1), Reset((2 * i) + 1, 8));
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Null(peer.Connection.Failure);
    }

    [Fact]
    public void Resets_of_streams_that_were_answered_are_no_attack()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        for (int i = 0; i < 20_000; i++)
        {
            peer.AcceptTunnel((2 * i) + 1);
            peer.Send(Data((2 * i) + 1, 10));
            peer.Connection.Release((2 * i) + 1, 10);
            peer.Send(Reset((2 * i) + 1, 8));
        }

        Assert.Null(peer.Connection.Failure);
    }

    public static TheoryData<string, byte[]> WaysToMakeUsReset => new()
    {
        { "window update of zero", WindowUpdate(1, 0) },
        { "window overflow", WindowUpdate(1, int.MaxValue) },
        { "priority of a wrong size", Frame(Http2Frame.Priority, 0, 1, new byte[3]) },
        { "trailers in a tunnel", Headers(1, Block(("a", "b")), Http2Frame.EndHeaders | Http2Frame.EndStream) },
        { "data after the end", [.. Data(1, 0, Http2Frame.EndStream), .. Data(1, 1)] },
        { "headers after the end", [.. Data(1, 0, Http2Frame.EndStream), .. Connect(1)] },
    };

    [Theory]
    [MemberData(nameof(WaysToMakeUsReset))]
    public void Made_you_reset_ends_the_connection_after_its_burst(string name, byte[] provocation)
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        peer.Events.AnswersWith = 200;
        (int sent, long allocated) = SendUntilFailure(peer, i =>
        {
            byte[] bytes = [.. Connect(1), .. provocation];
            foreach (int offset in FrameOffsets(bytes))
            {
                Int((2 * i) + 1).CopyTo(bytes, offset + 5);
            }

            return bytes;
        });
        Assert.True(sent == 401, $"{name}: {sent} streams");
        Assert.True(allocated < 4_000_000, $"{name}: {allocated} bytes");
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void Malformed_and_refused_requests_count_as_resets()
    {
        ScriptedPeer malformed = ScriptedPeer.OfServer(Server);
        (int sent, _) = SendUntilFailure(malformed, i => Headers((2 * i) + 1, Block(("a", "b"))));
        Assert.Equal(401, sent);
        ScriptedPeer refused = ScriptedPeer.OfServer(Server);
        (sent, _) = SendUntilFailure(refused, i => Connect((2 * i) + 1));
        Assert.Equal(601, sent);
        Assert.Equal(200, refused.Connection.ActiveStreams);
    }

    [Fact]
    public void Closing_streams_without_their_bytes_being_read_does_not_lift_the_bound_on_streams()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server with { MaxConcurrentStreams = 10 });
        for (int i = 0; i < 30; i++)
        {
            int streamId = (2 * i) + 1;
            peer.Send(Connect(streamId));
            peer.Connection.SendResponse(streamId, 200, null, endStream: true);
            peer.Send(Data(streamId, 1, Http2Frame.EndStream));
        }

        Assert.Equal(20, peer.Events.Headers.Count);
        Assert.Equal(0, peer.Connection.ActiveStreams);
        peer.Connection.Release(1, 1);
        peer.Send(Connect(101));
        Assert.Equal(21, peer.Events.Headers.Count);
    }

    [Fact]
    public void Interim_responses_without_end_end_the_connection()
    {
        ScriptedPeer peer = ScriptedPeer.OfClient(Http2Options.ForClient with { Clock = _clock });
        peer.Open();
        (int sent, _) = SendUntilFailure(peer, _ => Response(1, "103"));
        Assert.True(sent <= 10_001);
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    [Fact]
    public void Changing_the_initial_window_costs_more_the_more_streams_it_touches()
    {
        ScriptedPeer peer = ScriptedPeer.OfServer(Server);
        for (int i = 0; i < 200; i++)
        {
            peer.Send(Connect((2 * i) + 1));
        }

        (int sent, _) = SendUntilFailure(peer, i => Settings((4, (uint)(1 + (i & 1))), (4, (uint)(5 + (i & 1)))));
        Assert.InRange(sent, 1, 250);
        peer.AssertConnectionError(Http2Error.EnhanceYourCalm);
    }

    private static (int Sent, long Allocated) SendUntilFailure(ScriptedPeer peer, Func<int, byte[]> make, bool fetches = true)
    {
        long allocated = 0;
        for (int i = 0; i < Flood; i++)
        {
            byte[] bytes = make(i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            peer.Send(bytes);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (peer.Connection.Failure is not null)
            {
                return (i + 1, allocated);
            }

            if (fetches)
            {
                peer.Connection.Output.Clear();
            }
        }

        return (Flood, allocated);
    }

    private static IEnumerable<int> FrameOffsets(byte[] bytes)
    {
        for (int offset = 0; offset < bytes.Length; offset += 9 + ((bytes[offset + 1] << 8) | bytes[offset + 2]))
        {
            yield return offset;
        }
    }
}
