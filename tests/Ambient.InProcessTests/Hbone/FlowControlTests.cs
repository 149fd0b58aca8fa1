using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Copying;

namespace Ambient.InProcessTests.Hbone;

/// <summary>Readers that do not read, sockets that are full, and what tunnels hold meanwhile.</summary>
public sealed class FlowControlTests
{
    private const int Streams = 32;
    private const int StreamBytes = 3 << 20;

    [Fact]
    public async Task A_reader_that_never_reads_holds_its_window_at_most_and_slows_nobody()
    {
        await using var rig = new HboneRig();
        (Socket stuckApp, Socket stuck) = await rig.ConnectThroughAsync();
        Task<int> stalled = FillAsync(stuckApp);
        int sent = await stalled;
        int window = rig.Options.Server.StreamWindow;
        Assert.True(sent > window, $"only {sent} bytes left the application before it stalled");

        Task echo = TunnelTests.EchoAsync(rig, Streams);
        byte[][] payloads = [.. Enumerable.Range(0, Streams).Select(seed => Bytes.Random(StreamBytes, seed))];
        await Task.WhenAll(payloads.Select(async payload =>
        {
            Socket app = await rig.ConnectAppAsync();
            Task sending = app.SendAndEndAsync(payload);
            Assert.Equal((payload.Length, Bytes.HashOf(payload)), await app.HashToEndAsync());
            await sending;
        }));
        await echo;

        long held = 0;
        await rig.OnInboundAsync(() => held = rig.InboundLoop.Buffers.OutstandingBytes);
        Assert.InRange(held, 1, window + LoopBufferPool.LargeBytes);
        stuck.Dispose();
        stuckApp.Dispose();
    }

    [Fact]
    public async Task What_a_slow_reader_was_owed_arrives_when_it_reads()
    {
        await using var rig = new HboneRig();
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        byte[] payload = Bytes.Random(24 << 20, 7);
        Task sending = app.SendAndEndAsync(payload);
        await HboneRig.UntilAsync(() => rig.Dialled.Single().ActiveStreams == 1 && HasStalled(destination));

        Assert.Equal((payload.Length, Bytes.HashOf(payload)), await destination.HashToEndAsync());
        await sending;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_that_share_a_full_socket_keep_their_bytes_in_order(bool sharesLoop)
    {
        await using var rig = new HboneRig(sharesLoop: sharesLoop);
        byte[][] payloads = [.. Enumerable.Range(0, Streams).Select(seed => Bytes.Random(StreamBytes, seed))];
        string[] expected = [.. payloads.Select(payload => Bytes.HashOf(payload)).Order()];
        Task<string[]> received = Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            Socket socket = await rig.AcceptAtDestinationAsync();
            return (await socket.HashToEndAsync()).Hash;
        }));
        await Task.WhenAll(payloads.Select(async payload => await (await rig.ConnectAppAsync()).SendAndEndAsync(payload)));

        Assert.Equal(expected, (await received).Order());
    }

    [Fact]
    public async Task Small_windows_carry_everything_too()
    {
        var options = HboneOptions.Default with
        {
            Client = Http2Options.ForClient with { StreamWindow = 20_000, ConnectionWindow = 65_535 },
            Server = Http2Options.ForServer with { StreamWindow = 20_000, ConnectionWindow = 65_535 },
        };
        await using var rig = new HboneRig(options, sharesLoop: true);
        byte[][] payloads = [.. Enumerable.Range(0, 16).Select(seed => Bytes.Random(500_000 + seed, seed))];
        Task echo = TunnelTests.EchoAsync(rig, payloads.Length);
        await Task.WhenAll(payloads.Select(async payload =>
        {
            Socket app = await rig.ConnectAppAsync();
            Task sending = app.SendAndEndAsync(payload);
            Assert.Equal((payload.Length, Bytes.HashOf(payload)), await app.HashToEndAsync());
            await sending;
        }));
        await echo;
    }

    [Fact]
    public async Task An_idle_tunnel_holds_no_buffer()
    {
        await using var rig = new HboneRig();
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        byte[] payload = Bytes.Random(5 << 20, 1);
        await Task.WhenAll(app.SendAllAsync(payload), destination.ReceiveAsync(payload.Length));
        await Task.WhenAll(destination.SendAllAsync(payload), app.ReceiveAsync(payload.Length));
        TunnelConnection accepted = (await rig.AcceptedTunnelAsync()).Connection!;

        await HboneRig.UntilAsync(() => !accepted.HoldsBuffers && !rig.Dialled.Single().HoldsBuffers);
        await rig.OnInboundAsync(() => Assert.Equal(0, rig.InboundLoop.Buffers.Outstanding));
        await rig.OnOutboundAsync(() => Assert.Equal(0, rig.OutboundLoop.Buffers.Outstanding));
    }

    /// <summary>Sends until nothing is taken any more; how much was.</summary>
    private static async Task<int> FillAsync(Socket socket)
    {
        socket.Blocking = false;
        byte[] chunk = new byte[64 * 1024];
        int sent = 0;
        for (int refusals = 0; refusals < 200;)
        {
            int count = socket.Send(chunk, 0, chunk.Length, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                refusals++;
                await Task.Delay(2);
            }
            else
            {
                refusals = 0;
                sent += count;
            }
        }

        return sent;
    }

    /// <summary>The kernel holds as much as it takes, twice in a row.</summary>
    private static bool HasStalled(Socket socket) => socket.Available > 64 * 1024;
}
