using System.Net.Sockets;
using System.Text;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;

namespace Ambient.InProcessTests.Hbone;

/// <summary>Our client against our server: what the application and the destination see of a tunnel (node-proxy 1.4, 1.5).</summary>
public sealed class TunnelTests
{
    private const int BulkBytes = 64 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Carries_a_request_and_its_answer(bool sharesLoop)
    {
        await using var rig = new HboneRig(sharesLoop: sharesLoop);
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();

        await app.SendAllAsync("ping"u8.ToArray());
        Assert.Equal("ping", Encoding.ASCII.GetString(await destination.ReceiveAsync(4)));
        await destination.SendAllAsync("pong"u8.ToArray());
        Assert.Equal("pong", Encoding.ASCII.GetString(await app.ReceiveAsync(4)));

        app.Shutdown(SocketShutdown.Send);
        Assert.Empty(await destination.ReceiveToEndAsync());
        destination.Shutdown(SocketShutdown.Send);
        Assert.Empty(await app.ReceiveToEndAsync());
        Assert.Null(await rig.OutboundEndAsync());
        Assert.Null(await rig.InboundEndAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Half_close_leaves_the_other_direction_open(bool appEndsFirst)
    {
        await using var rig = new HboneRig();
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        (Socket first, Socket second) = appEndsFirst ? (app, destination) : (destination, app);

        await first.SendAndEndAsync("all I have to say"u8.ToArray());
        Assert.Equal("all I have to say", Encoding.ASCII.GetString(await second.ReceiveToEndAsync()));
        byte[] answer = Bytes.Random(3_000_000, 1);
        await Task.WhenAll(second.SendAndEndAsync(answer), AssertReceivesAsync(first, answer));

        Assert.Null(await rig.OutboundEndAsync());
        Assert.Null(await rig.InboundEndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bulk_in_both_directions_at_once_arrives_unchanged(bool sharesLoop)
    {
        await using var rig = new HboneRig(sharesLoop: sharesLoop);
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        byte[] up = Bytes.Random(BulkBytes, 2);
        byte[] down = Bytes.Random(BulkBytes, 3);

        Task sending = Task.WhenAll(app.SendAndEndAsync(up), destination.SendAndEndAsync(down));
        (long Length, string Hash)[] received = await Task.WhenAll(destination.HashToEndAsync(), app.HashToEndAsync());
        await sending;

        Assert.Equal((BulkBytes, Bytes.HashOf(up)), received[0]);
        Assert.Equal((BulkBytes, Bytes.HashOf(down)), received[1]);
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Another_status_than_200_closes_the_application_without_a_byte(int status)
    {
        await using var rig = new HboneRig();
        rig.OnStream = stream =>
        {
            stream.Respond(status, new Http2Headers(), endStream: true);
            return default;
        };
        Socket app = await rig.ConnectAppAsync();

        Assert.Empty(await app.ReceiveToEndAsync());
        ConnectionFailure failure = (await rig.OutboundEndAsync())!;
        Assert.Equal($"http status: {status}", failure.Message);
        Assert.Equal((FailurePhase.TunnelOpen, FailureReason.HttpStatus), (failure.Phase, failure.Reason));
        Assert.NotNull(failure.Hint);
    }

    [Fact]
    public async Task Refused_streams_leave_the_tunnel_usable()
    {
        await using var rig = new HboneRig();
        int served = 0;
        rig.OnStream = async stream =>
        {
            stream.Respond(served++ == 0 ? 503 : 200, new Http2Headers(), endStream: served == 1);
            await stream.WaitReceivedAsync();
        };

        await rig.OnOutboundAsync(async () =>
        {
            Assert.Equal("http status: 503", (await rig.OpenAsync()).Failure!.Message);
            HboneOpenResult second = await rig.OpenAsync();
            Assert.NotNull(second.Stream);
            second.Stream.Dispose();
        });
        await rig.AcceptedTunnelAsync();
        Assert.Equal(2, served);
    }

    [Fact]
    public async Task A_hundred_streams_share_one_tunnel_and_keep_their_bytes_apart()
    {
        await using var rig = new HboneRig();
        byte[][] payloads = [.. Enumerable.Range(0, 100).Select(seed => Bytes.Random(300_000 + (seed * 1_000), seed))];
        Task echo = EchoAsync(rig, payloads.Length);

        await Task.WhenAll(payloads.Select(async payload =>
        {
            Socket app = await rig.ConnectAppAsync();
            Task sending = app.SendAndEndAsync(payload);
            Assert.Equal((payload.Length, Bytes.HashOf(payload)), await app.HashToEndAsync());
            await sending;
        }));
        await echo;

        HboneConnectResult tunnel = await rig.AcceptedTunnelAsync();
        await HboneRig.UntilAsync(() => tunnel.Connection!.ActiveStreams == 0);
    }

    [Fact]
    public async Task A_destination_that_cannot_be_reached_is_status_503()
    {
        await using var rig = new HboneRig();
        rig.Destination.Stop();
        Socket app = await rig.ConnectAppAsync();

        Assert.Empty(await app.ReceiveToEndAsync());
        Assert.Equal("http status: 503", (await rig.OutboundEndAsync())!.Message);
    }

    [Fact]
    public async Task A_reset_by_the_application_reaches_the_destination_as_an_end()
    {
        await using var rig = new HboneRig();
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        await app.SendAllAsync("last words"u8.ToArray());
        Assert.Equal(10, (await destination.ReceiveAsync(10)).Length);

        app.LingerState = new LingerOption(true, 0);
        app.Dispose();

        Assert.False(await destination.IsResetAsync());
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Fact]
    public async Task A_stream_aborted_here_is_reset_there_and_the_application_sees_a_reset()
    {
        await using var rig = new HboneRig();
        var failure = new ConnectionFailure(FailurePhase.Copy, FailureSide.Proxy, FailureReason.PolicyChanged, "connection closed due to policy change");
        Ambient.Hbone.Tunnels.TunnelStream? served = null;
        var running = new TaskCompletionSource();
        rig.OnStream = async stream =>
        {
            served = stream;
            stream.Respond(200, new Http2Headers(), endStream: false);
            running.SetResult();
            while (!stream.IsReceiveEnded && stream.Failure is null)
            {
                await stream.WaitReceivedAsync();
            }
        };
        Socket app = await rig.ConnectAppAsync();
        await running.Task.WaitAsync(LoopRig.Limit);

        await rig.OnInboundAsync(() => served!.Abort(failure));

        // RST_STREAM(CANCEL) is an orderly end for the receiving side (node-proxy 1.5).
        Assert.False(await app.IsResetAsync());
        Assert.Same(failure, served!.Failure);
    }

    private static async Task AssertReceivesAsync(Socket socket, byte[] expected) =>
        Assert.Equal((expected.Length, Bytes.HashOf(expected)), await socket.HashToEndAsync());

    internal static Task EchoAsync(HboneRig rig, int connections) => Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
    {
        Socket socket = await rig.AcceptAtDestinationAsync();
        await using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(stream);
        socket.Shutdown(SocketShutdown.Send);
    }));
}
