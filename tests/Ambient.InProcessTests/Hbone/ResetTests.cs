using System.Net.Sockets;
using System.Text;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;
using Ambient.Transport.Lifetime;

namespace Ambient.InProcessTests.Hbone;

/// <summary>What a RST_STREAM means for the two sockets (node-proxy 1.5), and which one is sent.</summary>
public sealed class ResetTests
{
    [Theory]
    [InlineData(Http2Error.NoError)]
    [InlineData(Http2Error.Cancel)]
    public async Task An_orderly_reset_ends_the_application_after_its_bytes(Http2Error code)
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();

        await server.SendAsync(FrameBytes.Data(stream, 1_000), FrameBytes.Reset(stream, (int)code));

        Assert.Equal(1_000, (await app.ReceiveToEndAsync()).Length);
        app.Dispose();
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Fact]
    public async Task An_orderly_reset_ends_the_connection_though_the_application_keeps_its_half_open()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();

        await server.SendAsync(FrameBytes.Data(stream, 1_000), FrameBytes.Reset(stream, (int)Http2Error.Cancel));

        Assert.Null(await rig.OutboundEndAsync());
        Assert.Equal(1_000, (await app.ReceiveToEndAsync()).Length);
    }

    [Fact]
    public async Task A_reset_that_follows_the_end_of_the_answer_ends_the_connection_too()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();
        await server.SendAsync(FrameBytes.Data(stream, 1_000, Http2Frame.EndStream));
        Assert.Equal(1_000, (await app.ReceiveToEndAsync()).Length);

        await server.SendAsync(FrameBytes.Reset(stream, (int)Http2Error.NoError));

        Assert.Null(await rig.OutboundEndAsync());
    }

    [Fact]
    public async Task An_application_that_still_sends_when_its_stream_is_reset_in_order_gets_the_whole_answer()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();
        Task sending = app.SendAllAsync(new byte[8 << 20]);
        await server.ReadAsync(Http2Frame.Data);

        for (int i = 0; i < 100; i++)
        {
            await server.SendAsync(FrameBytes.Data(stream, 16_384));
        }

        await server.SendAsync(FrameBytes.Data(stream, 10, Http2Frame.EndStream), FrameBytes.Reset(stream, (int)Http2Error.NoError));

        // All of it is taken, though nobody wants it: so nothing resets the application while it reads.
        await sending;
        Assert.Equal((100 * 16_384) + 10, (await app.ReceiveToEndAsync()).Length);
        app.Shutdown(SocketShutdown.Send);
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Fact]
    public async Task A_request_that_is_never_answered_fails_at_the_deadline()
    {
        await using var rig = new HboneRig(pool: HbonePoolOptions.Default with { AnswerTimeout = TimeSpan.FromMilliseconds(50) });
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        Http2Frame request = await server.ReadAsync(Http2Frame.Headers);

        Assert.Equal(request.StreamId, (await server.ReadAsync(Http2Frame.Reset)).StreamId);

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;
        Assert.Equal((FailurePhase.TunnelOpen, FailureReason.TimedOut), (failure.Phase, failure.Reason));
        Assert.Empty(await app.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_drain_ends_the_wait_for_an_answer()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        Http2Frame request = await server.ReadAsync(Http2Frame.Headers);

        DrainOutcome outcome = await rig.DrainApplicationsAsync();

        Assert.Equal(new DrainOutcome(1, 0), outcome);
        Assert.Equal(FailureReason.DrainDeadline, (await rig.OutboundEndAsync())!.Reason);
        Assert.Equal(request.StreamId, (await server.ReadAsync(Http2Frame.Reset)).StreamId);
    }

    [Fact]
    public async Task Stream_closed_ends_the_application_silently()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();

        await server.SendAsync(FrameBytes.Reset(stream, (int)Http2Error.StreamClosed));

        Assert.Empty(await app.ReceiveToEndAsync());
        app.Dispose();
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Theory]
    [InlineData(Http2Error.InternalError)]
    [InlineData(Http2Error.RefusedStream)]
    [InlineData(Http2Error.EnhanceYourCalm)]
    public async Task Any_other_reset_is_one_for_the_application_and_named(Http2Error code)
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();

        await server.SendAsync(FrameBytes.Data(stream, 10), FrameBytes.Reset(stream, (int)code));

        Assert.True(await app.IsResetAsync());
        ConnectionFailure failure = (await rig.OutboundEndAsync())!;
        Assert.Equal((FailureSide.Upstream, FailureReason.Http2Protocol), (failure.Side, failure.Reason));
        Assert.Contains(code.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_before_the_answer_fails_the_open()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        Http2Frame request = await server.ReadAsync(Http2Frame.Headers);

        await server.SendAsync(FrameBytes.Reset(request.StreamId, (int)Http2Error.RefusedStream));

        Assert.Empty(await app.ReceiveToEndAsync());
        ConnectionFailure failure = (await rig.OutboundEndAsync())!;
        Assert.Equal(FailurePhase.TunnelOpen, failure.Phase);
        Assert.Contains("RefusedStream", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unfinished_stream_dropped_by_the_client_is_cancelled()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Task opening = rig.OnOutboundAsync(async () =>
        {
            Ambient.Hbone.HboneOpenResult opened = await rig.OpenAsync();
            opened.Stream!.Dispose();
        });
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();

        Http2Frame reset = await server.ReadAsync(Http2Frame.Reset);

        Assert.Equal((stream, (int)Http2Error.Cancel), (reset.StreamId, reset.FirstInt));
        await opening;
    }

    [Fact]
    public async Task A_server_that_has_answered_a_refusal_tells_the_client_to_stop()
    {
        await using var rig = new HboneRig();
        rig.OnStream = stream =>
        {
            stream.Respond(503, new Http2Headers(), endStream: true);
            return default;
        };
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        await client.SendAsync(FrameBytes.Connect(1));

        Http2Frame answer = await client.ReadAsync(Http2Frame.Headers);
        Assert.Equal(Http2Frame.EndStream, answer.Flags & Http2Frame.EndStream);
        Http2Frame reset = await client.ReadAsync(Http2Frame.Reset);
        Assert.Equal((1, (int)Http2Error.NoError), (reset.StreamId, reset.FirstInt));
    }

    [Fact]
    public async Task A_force_closed_application_socket_cancels_its_stream_though_both_directions_wait_for_the_tunnel()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Ambient.Transport.Sockets.LoopSocket? own = null;
        Task<ConnectionFailure?>? copy = null;
        (Socket App, Task Running) pair = (null!, rig.OnOutboundAsync(async () =>
        {
            (own, Socket app) = await Ambient.Testing.Transport.LoopRig.ConnectPairAsync(rig.OutboundLoop, System.Net.IPAddress.Loopback);
            app.Shutdown(SocketShutdown.Send);
            Ambient.Hbone.HboneOpenResult opened = await rig.OpenAsync();
            copy = Ambient.Hbone.Tunnels.TunnelCopier.CopyAsync(own, opened.Stream!, new(), isSocketDownstream: true).AsTask();
            await copy;
            opened.Stream!.Dispose();
            app.Dispose();
        }));
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        await server.AnswerNextAsync();
        Http2Frame end = await server.ReadAsync(Http2Frame.Data);
        Assert.Equal(Http2Frame.EndStream, end.Flags);

        var reason = new ConnectionFailure(FailurePhase.Drain, FailureSide.Proxy, FailureReason.DrainDeadline, "connection closed due to connection drain");
        own!.Abort(reason);

        Assert.Equal((int)Http2Error.Cancel, (await server.ReadAsync(Http2Frame.Reset)).FirstInt);
        await pair.Running;
        Assert.Same(reason, await copy!);
    }

    [Fact]
    public async Task Bytes_before_the_answer_wait_for_the_application_of_the_server()
    {
        await using var rig = new HboneRig();
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        await client.SendAsync(FrameBytes.Connect(1, rig.Destination.LocalEndpoint.ToString()!), FrameBytes.Data(1, 50_000 / 4));
        await client.SendAsync(FrameBytes.Data(1, 100, Http2Frame.EndStream));

        Socket destination = await rig.AcceptAtDestinationAsync();

        Assert.Equal(12_600, (await destination.ReceiveToEndAsync()).Length);
        await destination.SendAndEndAsync(Encoding.ASCII.GetBytes("done"));
        Assert.Equal("done"u8.ToArray(), (await client.ReadAsync(Http2Frame.Data)).Payload);
        Assert.Null(await rig.InboundEndAsync());
    }
}
