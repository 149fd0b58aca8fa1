using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

public sealed class LoopSocketTests
{
    private const int BadDescriptor = 9;

    public static TheoryData<string> Loopbacks => ["127.0.0.1", "::1"];

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public async Task Moves_bytes_both_ways_to_both_ends(string address)
    {
        byte[] up = RandomNumberGenerator.GetBytes(3_000_000);
        byte[] down = RandomNumberGenerator.GetBytes(2_000_000);
        await WithPairAsync(address, async (own, peer) =>
        {
            Task<byte[]> peerReads = Task.Run(() => ReadToEndAsync(peer));
            Task peerWrites = Task.Run(async () =>
            {
                await using var stream = new NetworkStream(peer, ownsSocket: false);
                await stream.WriteAsync(down);
                peer.Shutdown(SocketShutdown.Send);
            });
            Task<byte[]> reads = own.ReadAsync();
            await own.WriteAllAsync(up);
            own.ShutdownSend();

            Assert.Equal(down, await reads);
            Assert.Equal(up, await peerReads);
            await peerWrites;
        });
    }

    [Fact]
    public async Task Keeps_reading_after_its_own_FIN()
    {
        await WithPairAsync("127.0.0.1", async (own, peer) =>
        {
            own.ShutdownSend();
            own.ShutdownSend();
            Assert.Empty(await ReadToEndAsync(peer));
            await peer.SendAsync("late"u8.ToArray());
            Assert.Equal("late"u8.ToArray(), await own.ReadAsync(4));
        });
    }

    [Fact]
    public async Task A_finished_socket_raises_no_events_however_often_it_is_shut_down()
    {
        await WithPairAsync("127.0.0.1", async (own, peer) =>
        {
            peer.Shutdown(SocketShutdown.Send);
            Assert.Empty(await own.ReadAsync());
            own.ShutdownSend();
            Assert.Empty(await ReadToEndAsync(peer));
            await own.Loop.DelayAsync(TimeSpan.FromMilliseconds(20));

            long before = own.Loop.Turns;
            own.ShutdownSend();
            await own.Loop.DelayAsync(TimeSpan.FromMilliseconds(100));
            Assert.InRange(own.Loop.Turns - before, 1, 8);
        });
    }

    [Fact]
    public async Task An_abort_reaches_the_peer_as_a_reset_and_wakes_the_reader()
    {
        var reason = new ConnectionFailure(FailurePhase.Copy, FailureSide.Proxy, FailureReason.PolicyChanged, "policy");
        await WithPairAsync("127.0.0.1", async (own, peer) =>
        {
            Assert.True(Receive(own).IsWouldBlock);
            Task waiting = own.WaitReadableAsync().AsTask();
            own.Abort(reason);
            await waiting;

            Assert.Equal(BadDescriptor, Receive(own).Errno);
            Assert.Same(reason, own.AbortReason);
            SocketException error = await Assert.ThrowsAsync<SocketException>(() => peer.ReceiveAsync(new byte[1]));
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        });
    }

    [Fact]
    public async Task Disposing_wakes_both_waiters_and_is_idempotent()
    {
        await WithPairAsync("127.0.0.1", async (own, _) =>
        {
            byte[] chunk = new byte[256 * 1024];
            while (!own.Send(chunk).IsWouldBlock)
            {
            }

            Assert.True(Receive(own).IsWouldBlock);
            Task reader = own.WaitReadableAsync().AsTask();
            Task writer = own.WaitWritableAsync().AsTask();
            own.Dispose();
            own.Dispose();
            await reader;
            await writer;
            await own.WaitReadableAsync();
            Assert.Equal(BadDescriptor, own.Send(chunk).Errno);
            Assert.Equal(0, own.Loop.Load);
        });
    }

    [Fact]
    public async Task Disposing_from_another_thread_happens_on_the_loop()
    {
        await WithPairAsync("127.0.0.1", async (own, _) =>
        {
            Assert.True(Receive(own).IsWouldBlock);
            Task waiting = own.WaitReadableAsync().AsTask();
            await Task.Run(own.Dispose);
            await waiting;
            Assert.True(own.IsDisposed);
        });
    }

    [Fact]
    public async Task Refuses_a_second_reader()
    {
        await WithPairAsync("127.0.0.1", async (own, peer) =>
        {
            Assert.True(peer.Connected);
            Assert.True(Receive(own).IsWouldBlock);
            Task first = own.WaitReadableAsync().AsTask();
            Assert.Throws<InvalidOperationException>(() => { _ = own.WaitReadableAsync().AsTask(); });
            own.Dispose();
            await first;
        });
    }

    [Fact]
    public async Task Refuses_a_read_of_nothing_which_would_look_like_the_end()
    {
        await WithPairAsync("127.0.0.1", static (own, _) =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => own.Receive([]));
            Assert.Throws<ArgumentOutOfRangeException>(() => own.ReadV([]));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Urgent_data_stays_in_the_stream_and_stops_nothing()
    {
        await WithPairAsync("127.0.0.1", async (own, peer) =>
        {
            await peer.SendAsync("before"u8.ToArray());
            peer.Send("!"u8.ToArray(), SocketFlags.OutOfBand);
            await peer.SendAsync("after"u8.ToArray());

            Assert.Equal("before!after"u8.ToArray(), await own.ReadAsync(12));
        });
    }

    [Fact]
    public async Task Reads_what_came_together_with_the_FIN()
    {
        await using var rig = new LoopRig();
        await rig.RunAsync(async loop =>
        {
            for (int round = 0; round < 200; round++)
            {
                (LoopSocket own, Socket peer) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
                using LoopSocket ownHeld = own;
                using Socket peerHeld = peer;
                await peer.SendAsync("x"u8.ToArray());
                peer.Shutdown(SocketShutdown.Send);
                Assert.Equal("x"u8.ToArray(), await own.ReadAsync());
            }
        });
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public async Task Knows_both_addresses(string address)
    {
        await WithPairAsync(address, static (own, peer) =>
        {
            Assert.Equal(peer.LocalEndPoint, own.RemoteEndPoint);
            Assert.Equal(peer.RemoteEndPoint, own.LocalEndPoint);
            Assert.Equal(own.LocalEndPoint, OriginalDestination.Get(own));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Adopts_an_ordinary_socket()
    {
        await using var rig = new LoopRig();
        using var listener = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen(1);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);
        // Not disposed: the loop socket closes the descriptor, and the handle must not do so again.
        Socket accepted = await listener.AcceptAsync();
        int descriptor = (int)accepted.SafeHandle.DangerousGetHandle();
        accepted.SafeHandle.SetHandleAsInvalid();
#pragma warning disable CA1816 // The finalizer would wait for the handle to be released, which nobody does.
        GC.SuppressFinalize(accepted);
#pragma warning restore CA1816
        await rig.RunAsync(async loop =>
        {
            using LoopSocket own = LoopSocket.Adopt(loop, descriptor);
            Assert.Equal(client.LocalEndPoint, own.RemoteEndPoint);
            Assert.Equal(1, loop.Load);
            await client.SendAsync("hi"u8.ToArray());
            Assert.Equal("hi"u8.ToArray(), await own.ReadAsync(2));
        });
    }

    [Fact]
    public async Task Stopping_the_loop_closes_its_sockets_and_wakes_their_waiters()
    {
        var rig = new LoopRig();
        Task? waiting = null;
        Socket? peer = null;
        await rig.RunAsync(async loop =>
        {
            (LoopSocket own, peer) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
            Receive(own);
            waiting = own.WaitReadableAsync().AsTask();
        });
        await rig.DisposeAsync();

        await waiting!.WaitAsync(LoopRig.Limit);
        Assert.Empty(await ReadToEndAsync(peer!));
        peer!.Dispose();
    }

    internal static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        var received = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        while (true)
        {
            int count = await socket.ReceiveAsync(buffer, limit.Token);
            if (count == 0)
            {
                return received.ToArray();
            }

            received.Write(buffer, 0, count);
        }
    }

    internal static async Task WithPairAsync(string address, Func<LoopSocket, Socket, Task> story)
    {
        await using var rig = new LoopRig();
        await rig.RunAsync(async loop =>
        {
            (LoopSocket own, Socket peer) = await LoopRig.ConnectPairAsync(loop, IPAddress.Parse(address));
            using LoopSocket ownHeld = own;
            using Socket peerHeld = peer;
            await story(own, peer);
        });
    }

    private static IoResult Receive(LoopSocket socket) => socket.Receive(new byte[1]);
}
