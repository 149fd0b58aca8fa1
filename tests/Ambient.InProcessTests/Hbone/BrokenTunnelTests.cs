using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Testing.Http2;
using Ambient.Transport.Lifetime;

namespace Ambient.InProcessTests.Hbone;

/// <summary>A tunnel that breaks with streams open: each application is reset, and the failure says what broke.</summary>
public sealed class BrokenTunnelTests
{
    private static readonly HboneOptions QuickPings = HboneOptions.Default with
    {
        Times = new TunnelTimes { PingInterval = TimeSpan.FromMilliseconds(40), PingTimeout = TimeSpan.FromMilliseconds(120) },
    };

    [Fact]
    public async Task A_TCP_reset_is_named()
    {
        ConnectionFailure failure = await BreakAsync(server =>
        {
            server.Reset();
            return Task.CompletedTask;
        });

        Assert.Equal(FailureReason.Reset, failure.Reason);
        Assert.StartsWith("receive: the tunnel's connection failed: Connection reset by peer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TLS_truncation_is_told_from_an_end()
    {
        ConnectionFailure truncated = await BreakAsync(server =>
        {
            server.Truncate();
            return Task.CompletedTask;
        });
        ConnectionFailure closed = await BreakAsync(server => server.CloseAsync());

        Assert.Contains("without TLS close_notify", truncated.Message, StringComparison.Ordinal);
        Assert.Equal(FailureReason.UnexpectedEnd, truncated.Reason);
        Assert.Contains("closed by the peer", closed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_a_GOAWAY_is_named_when_the_connection_ends_after_it()
    {
        ConnectionFailure failure = await BreakAsync(async server =>
        {
            await server.SendAsync(FrameBytes.GoAway(int.MaxValue, (int)Http2Error.EnhanceYourCalm));
            await server.CloseAsync();
        });

        Assert.Equal(FailureReason.GoAway, failure.Reason);
        Assert.Contains("EnhanceYourCalm", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_does_not_authenticate_is_named()
    {
        ConnectionFailure failure = await BreakAsync(server =>
            server.SendOutsideTlsAsync([23, 3, 3, 0, 40, .. Bytes.Random(40, 1)]));

        Assert.Equal(FailureReason.TlsProtocol, failure.Reason);
        Assert.StartsWith("tls error:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_rule_of_HTTP_2_is_named_here_and_told_the_peer()
    {
        List<Http2Frame> left = [];
        ConnectionFailure failure = await BreakAsync(async server =>
        {
            await server.SendAsync(FrameBytes.Data(0, 5));
            left = await server.ReadToEndAsync();
        });

        Assert.Equal((FailureSide.Upstream, FailureReason.Http2Protocol), (failure.Side, failure.Reason));
        Http2Frame goAway = Assert.Single(left, frame => frame.Type == Http2Frame.GoAway);
        Assert.Equal((int)Http2Error.ProtocolError, goAway.SecondInt);
    }

    [Fact]
    public async Task An_unanswered_PING_fails_every_stream()
    {
        ConnectionFailure failure = await BreakAsync(async server => await server.ReadAsync(Http2Frame.Ping), QuickPings);

        Assert.Equal("HBONE ping timeout/error", failure.Message);
        Assert.Equal(FailureReason.TimedOut, failure.Reason);
    }

    [Fact]
    public async Task A_lost_server_is_told_once_with_its_address_and_a_lost_client_not_at_all()
    {
        ConcurrentQueue<IPEndPoint> lost = [];
        HboneOptions options = QuickPings with { ServerLost = lost.Enqueue };
        IPEndPoint? address = null;
        await BreakAsync(
            async server =>
            {
                address = server.LocalEndPoint;
                await server.ReadAsync(Http2Frame.Ping);
            },
            options);
        Assert.Equal(address, Assert.Single(lost));

        await using var rig = new HboneRig(options);
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        await client.ReadToEndAsync();
        Assert.Single(lost);
    }

    [Fact]
    public async Task A_server_whose_PING_is_not_answered_says_GOAWAY_with_the_last_stream_it_took_and_closes()
    {
        await using var rig = new HboneRig(QuickPings);
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        await client.SendAsync(FrameBytes.Connect(1, rig.Destination.LocalEndpoint.ToString()!));

        List<Http2Frame> frames = await client.ReadToEndAsync();

        Assert.Single(frames, frame => frame.Type == Http2Frame.Ping);
        Http2Frame goAway = Assert.Single(frames, frame => frame.Type == Http2Frame.GoAway);
        Assert.Equal((1, (int)Http2Error.NoError), (goAway.FirstInt, goAway.SecondInt));
    }

    [Fact]
    public async Task Answered_PINGs_keep_a_silent_tunnel_up()
    {
        await using var rig = new HboneRig(QuickPings);
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        long before = 0;
        for (int i = 0; i < 6; i++)
        {
            Http2Frame ping = await client.ReadAsync(Http2Frame.Ping);
            long payload = BitConverter.ToInt64(ping.Payload);
            Assert.NotEqual(before, payload);
            before = payload;
            await client.SendAsync(FrameBytes.Frame(Http2Frame.Ping, Http2Frame.Ack, 0, ping.Payload));
        }

        await client.SendAsync(FrameBytes.Ping(77));
        Http2Frame echo = await client.ReadAsync(Http2Frame.Ping);
        Assert.Equal(Http2Frame.Ack, echo.Flags);
    }

    [Fact]
    public async Task A_stream_that_both_ends_finished_is_no_victim_of_the_tunnel()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();
        app.Shutdown(SocketShutdown.Send);
        await server.ReadAsync(Http2Frame.Data);

        // More than the socket of an application takes that does not read yet.
        const int Frames = 200;
        for (int i = 0; i < Frames; i++)
        {
            await server.SendAsync(FrameBytes.Data(stream, 16_384, i == Frames - 1 ? Http2Frame.EndStream : 0));
        }

        // The answer tells that all of it has arrived.
        await server.SendAsync(FrameBytes.Ping(1));
        await server.ReadAsync(Http2Frame.Ping);
        server.Reset();
        Assert.Equal(Frames * 16_384, (await app.ReceiveToEndAsync()).Length);
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Fact]
    public async Task Streams_of_a_server_fail_on_the_downstream_side()
    {
        await using var rig = new HboneRig();
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        await client.SendAsync(FrameBytes.Connect(1, rig.Destination.LocalEndpoint.ToString()!));
        Socket destination = await rig.AcceptAtDestinationAsync();
        await client.ReadAsync(Http2Frame.Headers);

        client.Reset();

        Assert.True(await destination.IsResetAsync());
        Assert.Equal(FailureSide.Downstream, (await rig.InboundEndAsync())!.Side);
    }

    private static async Task<ConnectionFailure> BreakAsync(Func<RawPeer, Task> breakIt, HboneOptions? options = null)
    {
        await using var rig = new HboneRig(options);
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket[] apps = [await rig.ConnectAppAsync(), await rig.ConnectAppAsync()];
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        await server.AnswerNextAsync();
        await server.AnswerNextAsync();

        await breakIt(server);

        foreach (Socket app in apps)
        {
            Assert.True(await app.IsResetAsync());
        }

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;
        Assert.Equal(failure, await rig.OutboundEndAsync());
        await HboneRig.UntilAsync(() => rig.Pool.KeyCount == 0);
        return failure;
    }
}
