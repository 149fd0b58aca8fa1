using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Testing.Http2;

namespace Ambient.InProcessTests.Hbone;

/// <summary>The graceful end of a tunnel as its peer sees it (node-proxy 10.2), and that nothing sent is lost by it.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task A_drain_takes_requests_until_its_round_trip_is_over_and_lets_streams_finish()
    {
        await using var rig = new HboneRig();
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        string authority = rig.Destination.LocalEndpoint.ToString()!;
        await client.SendAsync(FrameBytes.Connect(1, authority));
        Socket first = await rig.AcceptAtDestinationAsync();
        await client.ReadAsync(Http2Frame.Headers);
        TunnelConnection tunnel = (await rig.AcceptedTunnelAsync()).Connection!;

        await rig.OnInboundAsync(tunnel.BeginDrain);
        Http2Frame warning = await client.ReadAsync(Http2Frame.GoAway);
        Assert.Equal((int.MaxValue, (int)Http2Error.NoError), (warning.FirstInt, warning.SecondInt));
        Http2Frame ping = await client.ReadAsync(Http2Frame.Ping);

        // Sent before the client could know: still served.
        await client.SendAsync(FrameBytes.Connect(3, authority), FrameBytes.Frame(Http2Frame.Ping, Http2Frame.Ack, 0, ping.Payload));
        Socket second = await rig.AcceptAtDestinationAsync();
        Http2Frame final = await client.ReadAsync(Http2Frame.GoAway);
        Assert.Equal((3, (int)Http2Error.NoError), (final.FirstInt, final.SecondInt));

        await client.SendAsync(FrameBytes.Data(1, 10, Http2Frame.EndStream), FrameBytes.Data(3, 20, Http2Frame.EndStream));
        Assert.Equal(10, (await first.ReceiveToEndAsync()).Length);
        Assert.Equal(20, (await second.ReceiveToEndAsync()).Length);
        first.Shutdown(SocketShutdown.Send);
        second.Shutdown(SocketShutdown.Send);
        List<Http2Frame> rest = await client.ReadToEndAsync();
        Assert.Equal([1, 3], rest.Where(frame => frame is { Type: Http2Frame.Data, Flags: Http2Frame.EndStream }).Select(frame => frame.StreamId).Order());
        Assert.DoesNotContain(rest, frame => frame.Type is Http2Frame.Reset or Http2Frame.GoAway);
        await rig.InboundEndAsync();
        await rig.InboundEndAsync();
    }

    [Fact]
    public async Task A_drain_without_streams_still_waits_for_the_round_trip()
    {
        await using var rig = new HboneRig();
        await using RawPeer client = await RawPeer.ConnectAsync(rig);
        TunnelConnection tunnel = (await rig.AcceptedTunnelAsync()).Connection!;

        await rig.OnInboundAsync(tunnel.BeginDrain);
        await client.ReadAsync(Http2Frame.GoAway);
        Http2Frame ping = await client.ReadAsync(Http2Frame.Ping);
        await client.SendAsync(FrameBytes.Connect(1, rig.Destination.LocalEndpoint.ToString()!));
        await rig.AcceptAtDestinationAsync();
        Assert.Equal(1, (await client.ReadAsync(Http2Frame.Headers)).StreamId);
        Assert.False(tunnel.IsClosed);

        await client.SendAsync(FrameBytes.Reset(1, (int)Http2Error.Cancel), FrameBytes.Frame(Http2Frame.Ping, Http2Frame.Ack, 0, ping.Payload));
        Assert.Equal(1, (await client.ReadAsync(Http2Frame.GoAway)).FirstInt);
    }

    [Fact]
    public async Task Our_client_opens_its_next_stream_on_a_new_tunnel_after_GOAWAY_and_finishes_the_old_one()
    {
        await using var rig = new HboneRig();
        (Socket oldApp, Socket oldDestination) = await rig.ConnectThroughAsync();
        TunnelConnection old = (await rig.AcceptedTunnelAsync()).Connection!;

        await rig.OnInboundAsync(old.BeginDrain);
        await HboneRig.UntilAsync(() => !rig.Dialled.Single().CanOpenStream);
        (Socket newApp, Socket newDestination) = await rig.ConnectThroughAsync();
        TunnelConnection next = (await rig.AcceptedTunnelAsync()).Connection!;

        Assert.NotSame(old, next);
        await oldApp.SendAndEndAsync(new byte[100]);
        Assert.Equal(100, (await oldDestination.ReceiveToEndAsync()).Length);
        oldDestination.Shutdown(SocketShutdown.Send);
        Assert.Null(await rig.OutboundEndAsync());
        await HboneRig.UntilAsync(() => old.IsClosed);
        Assert.Null(old.Failure);
        Assert.False(next.IsClosed);
        await newApp.SendAllAsync(new byte[10]);
        Assert.Equal(10, (await newDestination.ReceiveAsync(10)).Length);
    }

    [Fact]
    public async Task A_tunnel_that_closes_sends_what_its_last_stream_left_behind()
    {
        await using var rig = new HboneRig(pool: new HbonePoolOptions(1, TimeSpan.FromMinutes(5)));
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        await using RawPeer server = await RawPeer.AcceptAsync(rig, listener);
        int stream = await server.AnswerNextAsync();
        const int Length = 24 << 20;
        await server.SendAsync(
            FrameBytes.WindowUpdate(0, 1 << 30),
            FrameBytes.WindowUpdate(stream, 1 << 30),
            FrameBytes.Frame(Http2Frame.Data, Http2Frame.EndStream, stream));
        Task sending = app.SendAndEndAsync(new byte[Length]);

        // Reading stops when the copy is over: what is left fills the kernel's buffers and waits in the tunnel.
        Task<Ambient.Transport.Lifetime.ConnectionFailure?> end = rig.OutboundEndAsync();
        List<Http2Frame> frames = [];
        while (!end.IsCompleted && await server.ReadAsync() is { } frame)
        {
            frames.Add(frame);
        }

        frames.AddRange(await server.ReadToEndAsync());
        await sending;

        Assert.Null(await end);
        Assert.Equal(Length, frames.Where(frame => frame.Type == Http2Frame.Data).Sum(frame => frame.Payload.Length));
        Assert.Single(frames, frame => frame is { Type: Http2Frame.Data, Flags: Http2Frame.EndStream });
        Assert.Equal(Http2Frame.GoAway, frames[^1].Type);
    }
}
