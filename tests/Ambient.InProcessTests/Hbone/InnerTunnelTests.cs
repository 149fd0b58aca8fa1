using System.Net;
using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Testing;
using Ambient.Testing.Transport;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Hbone;

/// <summary>
/// A tunnel inside a stream of another one (node-proxy 1.7). The rig's server is both ends: as the gateway it relays a CONNECT for "gateway:1" over TCP
/// to itself, and as the far end it serves the destination.
/// </summary>
public sealed class InnerTunnelTests
{
    private const string Gateway = "gateway:1";

    [Fact]
    public async Task It_ends_with_its_one_stream_and_gives_the_outer_stream_back()
    {
        await using var rig = new HboneRig();
        Route(rig, rig.OwnTunnelEndPoint);
        TunnelConnection? outerTunnel = null;

        await rig.OnOutboundAsync(async () =>
        {
            HboneOpenResult outer = await OpenOuterAsync(rig);
            outerTunnel = outer.Stream!.Connection;
            HboneOpenResult inner = await OpenInnerAsync(rig, outer.Stream);
            using TunnelStream stream = inner.Stream!;
            Assert.Equal((1, 1), (outerTunnel.ActiveStreams, stream.Connection.ActiveStreams));
        });

        await HboneRig.UntilAsync(() => outerTunnel!.ActiveStreams == 0);
        Assert.False(outerTunnel!.IsClosed);
    }

    [Fact]
    public async Task A_third_one_is_not_possible()
    {
        await using var rig = new HboneRig();
        Route(rig, rig.OwnTunnelEndPoint);

        await rig.OnOutboundAsync(async () =>
        {
            HboneOpenResult outer = await OpenOuterAsync(rig);
            using TunnelStream inner = (await OpenInnerAsync(rig, outer.Stream!)).Stream!;
            await Assert.ThrowsAsync<ArgumentException>(async () => await OpenInnerAsync(rig, inner));
        });
    }

    [Fact]
    public async Task A_far_end_that_says_nothing_is_given_up_in_time_and_the_outer_tunnel_goes_on()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var rig = new HboneRig(HboneOptions.Default with { HandshakeTimeout = TimeSpan.FromSeconds(1) });
        Route(rig, (IPEndPoint)silent.LocalEndpoint);

        await rig.OnOutboundAsync(async () =>
        {
            HboneOpenResult outer = await OpenOuterAsync(rig);
            TunnelConnection tunnel = outer.Stream!.Connection;
            HboneOpenResult inner = await OpenInnerAsync(rig, outer.Stream);

            Assert.Equal((FailurePhase.TlsHandshake, FailureReason.TimedOut), (inner.Failure!.Phase, inner.Failure.Reason));
            Assert.EndsWith("(inside the tunnel to the network gateway)", inner.Failure.Message, StringComparison.Ordinal);
            Assert.NotNull(inner.Failure.Hint);
            Assert.Equal(0, tunnel.ActiveStreams);
            using TunnelStream next = (await OpenOuterAsync(rig)).Stream!;
            Assert.Same(tunnel, next.Connection);
        });
    }

    [Fact]
    public async Task Whatever_a_gateway_does_to_the_bytes_nothing_wrong_arrives_and_the_outer_tunnel_goes_on()
    {
        // A length that was made longer leaves both ends waiting: only the PING finds out.
        await using var rig = new HboneRig(HboneOptions.Default with
        {
            HandshakeTimeout = TimeSpan.FromSeconds(2),
            Times = new TunnelTimes { PingInterval = TimeSpan.FromMilliseconds(300), PingTimeout = TimeSpan.FromSeconds(5) },
        });
        int rounds = FuzzRounds.Scale(24);
        Task<Socket>? pending = null;
        for (int round = 0; round < rounds; round++)
        {
            await using var meddler = new Meddler(rig.OwnTunnelEndPoint, new Random(20_261_121 + round));
            Route(rig, meddler.EndPoint);

            // Not every round gets as far as the destination.
            Task<Socket> reached = pending ??= rig.Destination.AcceptSocketAsync();

            await rig.OnOutboundAsync(async () =>
            {
                HboneOpenResult outer = await OpenOuterAsync(rig);
                HboneOpenResult inner = await OpenInnerAsync(rig, outer.Stream!);
                if (inner.Stream is { } stream)
                {
                    using (stream)
                    {
                        await ExchangeAsync(rig, stream, reached);
                    }
                }
            });

            if (reached.IsCompletedSuccessfully)
            {
                (await reached).Dispose();
                pending = null;
            }

            Route(rig, rig.OwnTunnelEndPoint);
            await rig.OnOutboundAsync(async () => (await OpenOuterAsync(rig)).Stream!.Dispose());
        }

        Assert.Single(rig.Dialled);
    }

    /// <summary>The destination sends its greeting; what arrives of it is a beginning of it, or the stream fails.</summary>
    private static async Task ExchangeAsync(HboneRig rig, TunnelStream stream, Task<Socket> reached)
    {
        byte[] greeting = Bytes.Random(20_000, 3);
        (LoopSocket own, Socket peer) = await LoopRig.ConnectPairAsync(rig.OutboundLoop, IPAddress.Loopback);
        using (peer)
        using (own)
        {
            Task greet = GreetAsync(reached, greeting);
            Task<byte[]> reading = Task.Run(() => ReadAllAsync(peer));
            peer.Shutdown(SocketShutdown.Send);
            ConnectionFailure? failure = await TunnelCopier.CopyAsync(own, stream, new TrafficCounters(), isSocketDownstream: true);
            own.Dispose();
            byte[] received = await reading;
            Assert.True(greeting.AsSpan().StartsWith(received));
            Assert.True(failure is not null || received.Length == greeting.Length);
            await greet;
        }
    }

    private static async Task GreetAsync(Task<Socket> reached, byte[] greeting)
    {
        Socket destination = await reached.WaitAsync(LoopRig.Limit);
        try
        {
            await destination.SendAllAsync(greeting);
            destination.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Its tunnel was broken meanwhile, as this test wants.
            destination.Dispose();
        }
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
            {
                all.Write(buffer, 0, read);
            }
        }
        catch (SocketException)
        {
            // A broken stream resets the application.
            return all.ToArray();
        }

        return all.ToArray();
    }

    private static ValueTask<HboneOpenResult> OpenOuterAsync(HboneRig rig) =>
        rig.Pool.OpenAsync(rig.Key(), Http2Headers.ForConnect(Gateway), rig.DialAsync);

    private static ValueTask<HboneOpenResult> OpenInnerAsync(HboneRig rig, TunnelStream outer) =>
        new HboneClient(rig.Options, rig.Threads).OpenInsideAsync(
            outer, rig.ClientCredentials, static _ => null, Http2Headers.ForConnect("remote.shop:80"), null, TimeSpan.FromSeconds(10));

    private static void Route(HboneRig rig, IPEndPoint gatewayTo) => rig.OnStream = async stream =>
    {
        bool isOuter = stream.TakeRequest().Authority == Gateway;
        DialResult dialled = await TcpDialer.ConnectAsync(
            stream.Loop, isOuter ? gatewayTo : (IPEndPoint)rig.Destination.LocalEndpoint, DialOptions.Default);
        using LoopSocket upstream = dialled.Socket!;
        stream.Respond(200, new Http2Headers(), endStream: false);
        await TunnelCopier.CopyAsync(upstream, stream, new TrafficCounters(), isSocketDownstream: false);
    };
}
