using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Transport;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

public sealed class DrainTests
{
    [Fact]
    public async Task Stops_accepting_at_once_and_waits_for_connections_to_finish()
    {
        await using var rig = new LoopRig(2);
        using Service service = Service.Start(rig, "127.0.0.1:0", static async socket =>
            await socket.WriteAllAsync(await socket.ReadAsync(1)));
        using Socket client = await service.ConnectAsync(IPAddress.Loopback);
        await service.UntilAsync(() => service.Registry.Count == 1);

        Task<DrainOutcome> drain = service.Registry.DrainAsync(LoopRig.Limit);
        Assert.Null(await service.Accept.Completion.WaitAsync(LoopRig.Limit));
        await Assert.ThrowsAsync<SocketException>(() => service.ConnectAsync(IPAddress.Loopback));
        Assert.False(drain.IsCompleted);
        await client.SendAsync(new byte[1]);
        Assert.Single(await LoopSocketTests.ReadToEndAsync(client));

        Assert.Equal(new DrainOutcome(0, 0), await drain.WaitAsync(LoopRig.Limit));
    }

    [Fact]
    public async Task Cuts_what_is_left_at_the_deadline_and_says_why()
    {
        await using var rig = new LoopRig(2);
        var ends = new TaskCompletionSource<ConnectionFailure?>();
        using Socket upstreamListener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        upstreamListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        upstreamListener.Listen(1);
        using Service service = Service.Start(rig, "127.0.0.1:0", async socket =>
        {
            DialResult upstream = await TcpDialer.ConnectAsync(socket.Loop, (IPEndPoint)upstreamListener.LocalEndPoint!, DialOptions.Default);
            using LoopSocket held = upstream.Socket!;
            CopyResult result = await SocketCopier.CopyAsync(socket, held, new TrafficCounters());
            ends.SetResult(result.Failure);
        });
        using Socket client = await service.ConnectAsync(IPAddress.Loopback);
        await service.UntilAsync(() => service.Registry.Count == 1);

        DrainOutcome outcome = await service.Registry.DrainAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(LoopRig.Limit);
        Assert.Equal(new DrainOutcome(1, 0), outcome);
        ConnectionFailure? failure = await ends.Task.WaitAsync(LoopRig.Limit);
        Assert.Equal(FailureReason.DrainDeadline, failure!.Reason);
        Assert.Equal("connection closed due to connection drain", failure.Message);
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task The_immediate_mode_waits_for_nobody()
    {
        await using var rig = new LoopRig();
        using Service service = Service.Start(rig, "127.0.0.1:0", static async socket =>
        {
            IoResult result = socket.Receive(new byte[1]);
            Assert.True(result.IsWouldBlock);
            await socket.WaitReadableAsync();
        });
        using Socket client = await service.ConnectAsync(IPAddress.Loopback);
        await service.UntilAsync(() => service.Registry.Count == 1);

        Assert.Equal(new DrainOutcome(1, 0), await service.Registry.DrainAsync(TimeSpan.Zero).WaitAsync(LoopRig.Limit));
        Assert.Equal(0, service.Registry.Count);
    }

    [Fact]
    public async Task A_drain_of_nothing_ends_at_once()
    {
        await using var rig = new LoopRig();
        var registry = new ConnectionRegistry(rig.Group);

        Assert.Equal(new DrainOutcome(0, 0), await registry.DrainAsync(TimeSpan.FromHours(1)).WaitAsync(LoopRig.Limit));
    }

    [Fact]
    public async Task A_connection_that_comes_after_the_cut_is_refused()
    {
        await using var rig = new LoopRig();
        var registry = new ConnectionRegistry(rig.Group);
        await registry.DrainAsync(TimeSpan.Zero);
        await rig.RunAsync(async loop =>
        {
            (LoopSocket own, Socket peer) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
            using LoopSocket ownHeld = own;
            using Socket peerHeld = peer;
            Assert.False(registry.TryAdd(own));
        });
    }

    [Fact]
    public async Task The_signal_tells_each_registration_once_and_latecomers_at_once()
    {
        await using var rig = new LoopRig();
        var told = new List<string>();
        await rig.RunAsync(async loop =>
        {
            var signal = new DrainSignal();
            void Tell(string name) => told.Add(name);
            IDisposable kept = signal.Register(loop, _ => Tell("kept"), null);
            IDisposable forgotten = signal.Register(loop, _ => Tell("forgotten"), null);
            IDisposable last = signal.Register(loop, _ => Tell("last"), null);
            forgotten.Dispose();
            forgotten.Dispose();
            Assert.False(signal.IsDraining);
            signal.Begin();
            signal.Begin();
            Assert.True(signal.IsDraining);
            IDisposable late = signal.Register(loop, _ => Tell("late"), null);
            await loop.DelayAsync(TimeSpan.Zero);
            foreach (IDisposable registration in (IDisposable[])[kept, last, late])
            {
                registration.Dispose();
            }
        });

        Assert.Equal(["kept", "last", "late"], told);
    }
}
