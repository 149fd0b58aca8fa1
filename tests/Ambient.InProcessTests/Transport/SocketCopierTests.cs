using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Testing.Transport;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

public sealed class SocketCopierTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Moves_every_byte_of_both_directions_unchanged(string address)
    {
        byte[] request = RandomNumberGenerator.GetBytes(20_000_000);
        byte[] response = RandomNumberGenerator.GetBytes(15_000_000);
        await WithRelayAsync(IPAddress.Parse(address), async relay =>
        {
            Task<byte[]> upstreamReads = LoopSocketTests.ReadToEndAsync(relay.Upstream);
            Task<byte[]> downstreamReads = LoopSocketTests.ReadToEndAsync(relay.Downstream);
            await Task.WhenAll(SendAndFinishAsync(relay.Downstream, request), SendAndFinishAsync(relay.Upstream, response));

            Assert.Equal(request, await upstreamReads);
            Assert.Equal(response, await downstreamReads);
            Assert.Null((await relay.EndsAsync()).Failure);
            Assert.Equal(request.Length, relay.Counters.ToUpstream);
            Assert.Equal(response.Length, relay.Counters.ToDownstream);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_direction_goes_on_after_the_other_has_ended(bool isDownstreamFirst)
    {
        await WithRelayAsync(IPAddress.Loopback, async relay =>
        {
            (Socket first, Socket second) = isDownstreamFirst
                ? (relay.Downstream, relay.Upstream)
                : (relay.Upstream, relay.Downstream);
            await SendAndFinishAsync(first, "question"u8.ToArray());
            Assert.Equal("question"u8.ToArray(), await LoopSocketTests.ReadToEndAsync(second));
            await SendAndFinishAsync(second, "answer"u8.ToArray());
            Assert.Equal("answer"u8.ToArray(), await LoopSocketTests.ReadToEndAsync(first));
            Assert.Null((await relay.EndsAsync()).Failure);
        });
    }

    [Fact]
    public async Task Holds_no_buffer_while_idle_and_little_for_a_reader_that_lags()
    {
        await WithRelayAsync(IPAddress.Loopback, async relay =>
        {
            await relay.Downstream.SendAsync(new byte[100]);
            await ReadExactlyAsync(relay.Upstream, 100);
            Assert.Equal(0, await relay.OutstandingBuffersAsync());

            Task flood = SendAndFinishAsync(relay.Downstream, new byte[64_000_000]);
            await relay.UntilStalledAsync();
            Assert.InRange(await relay.OutstandingBuffersAsync(), 0, 1);

            Assert.Equal(64_000_000, (await LoopSocketTests.ReadToEndAsync(relay.Upstream)).Length);
            await flood;
            Assert.Equal(0, await relay.OutstandingBuffersAsync());
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_reaches_the_other_side_as_an_orderly_end_and_counts_as_success(bool isUpstreamReset)
    {
        await WithRelayAsync(IPAddress.Loopback, async relay =>
        {
            (Socket resetting, Socket other) = isUpstreamReset ? (relay.Upstream, relay.Downstream) : (relay.Downstream, relay.Upstream);
            await resetting.SendAsync("last words"u8.ToArray());
            await ReadExactlyAsync(other, 10);
            resetting.LingerState = new LingerOption(true, 0);
            resetting.Close();

            Assert.Empty(await LoopSocketTests.ReadToEndAsync(other));
            // The other side says nothing more, and the copy must not wait for it.
            Assert.Null((await relay.EndsAsync()).Failure);
        });
    }

    [Fact]
    public async Task Writing_to_a_peer_that_went_away_ends_silently()
    {
        await WithRelayAsync(IPAddress.Loopback, async relay =>
        {
            relay.Upstream.Close();
            Assert.Empty(await LoopSocketTests.ReadToEndAsync(relay.Downstream));
            using var limit = new CancellationTokenSource(LoopRig.Limit);
            byte[] chunk = new byte[1000];
            try
            {
                while (!relay.HasEnded)
                {
                    await relay.Downstream.SendAsync(chunk, limit.Token);
                }
            }
            catch (SocketException)
            {
                Assert.True(relay.HasEnded);
            }

            Assert.Null((await relay.EndsAsync()).Failure);
        });
    }

    [Fact]
    public async Task An_abort_ends_the_copy_with_its_reason()
    {
        var reason = new ConnectionFailure(
            FailurePhase.Authorize, FailureSide.Proxy, FailureReason.PolicyChanged, "connection closed due to policy change");
        await WithRelayAsync(IPAddress.Loopback, async relay =>
        {
            await relay.Downstream.SendAsync(new byte[10]);
            await ReadExactlyAsync(relay.Upstream, 10);
            relay.Own.Abort(reason);

            Assert.Same(reason, (await relay.EndsAsync()).Failure);
            SocketException error = await Assert.ThrowsAsync<SocketException>(() => relay.Downstream.ReceiveAsync(new byte[1]));
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        });
    }

    [Fact]
    public async Task An_abort_ends_a_copy_that_is_stuck_on_a_reader_that_lags()
    {
        await WithRelayAsync(IPAddress.Loopback, async relay =>
        {
            using var stop = new CancellationTokenSource();
            Task flood = FloodAsync(relay.Downstream, stop.Token);
            await relay.UntilStalledAsync();
            relay.Own.Abort();

            Assert.Equal(FailureReason.LocallyClosed, (await relay.EndsAsync()).Failure!.Reason);
            await stop.CancelAsync();
            await flood;
            Assert.Equal(0, await relay.OutstandingBuffersAsync());
        });
    }

    [Fact]
    public async Task A_busy_connection_does_not_starve_its_neighbour()
    {
        await using var rig = new LoopRig();
        await using Relay busy = await Relay.StartAsync(rig, IPAddress.Loopback);
        await using Relay quiet = await Relay.StartAsync(rig, IPAddress.Loopback);
        using var stop = new CancellationTokenSource();
        Task flood = FloodAsync(busy.Downstream, stop.Token);
        Task sink = LoopSocketTests.ReadToEndAsync(busy.Upstream);
        var slowest = TimeSpan.Zero;
        for (int round = 0; round < 200; round++)
        {
            long before = TimeProvider.System.GetTimestamp();
            await quiet.Downstream.SendAsync(new byte[1]);
            await ReadExactlyAsync(quiet.Upstream, 1);
            TimeSpan took = TimeProvider.System.GetElapsedTime(before);
            slowest = took > slowest ? took : slowest;
        }

        await stop.CancelAsync();
        await flood;
        busy.Downstream.Shutdown(SocketShutdown.Send);
        await sink;
        Assert.True(busy.Counters.ToUpstream > 1_000_000);
        // Starved, it would wait for the end of a flood that does not end. A second leaves room for a machine that does other work.
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"slowest round {slowest}");
    }

    [Fact]
    public async Task Refuses_sockets_of_two_loops()
    {
        await using var rig = new LoopRig(2);
        await LoopRig.RunAsync(rig.Group.Loops[0], async first =>
        {
            (LoopSocket own, Socket peer) = await LoopRig.ConnectPairAsync(first, IPAddress.Loopback);
            using LoopSocket ownHeld = own;
            using Socket peerHeld = peer;
            await LoopRig.RunAsync(rig.Group.Loops[1], async second =>
            {
                (LoopSocket other, Socket otherPeer) = await LoopRig.ConnectPairAsync(second, IPAddress.Loopback);
                using LoopSocket otherHeld = other;
                using Socket otherPeerHeld = otherPeer;
                Assert.Throws<ArgumentException>(() => { _ = SocketCopier.CopyAsync(own, other, new TrafficCounters()).AsTask(); });
            });
        });
    }

    private static async Task WithRelayAsync(IPAddress address, Func<Relay, Task> story)
    {
        await using var rig = new LoopRig();
        await using Relay relay = await Relay.StartAsync(rig, address);
        await story(relay);
    }

    private static async Task SendAndFinishAsync(Socket socket, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(LoopRig.Limit);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task FloodAsync(Socket socket, CancellationToken stop)
    {
        byte[] chunk = new byte[256 * 1024];
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await socket.SendAsync(chunk, stop);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Stopped by the test, or reset by the abort that it asked for.
            Assert.True(stop.IsCancellationRequested || error is SocketException);
        }
    }

    private static async Task ReadExactlyAsync(Socket socket, int count)
    {
        byte[] buffer = new byte[count];
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        for (int read = 0; read < count;)
        {
            int got = await socket.ReceiveAsync(buffer.AsMemory(read), limit.Token);
            Assert.NotEqual(0, got);
            read += got;
        }
    }
}
