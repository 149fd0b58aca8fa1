using Ambient.Testing;
using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;

namespace Ambient.InProcessTests.Hbone;

/// <summary>
/// Mutated and cut HTTP/2 inside live TLS, against both roles. Whatever a peer sends, the process stands: no exception reaches a loop, and no
/// socket, buffer or session is left behind. AMBIENT_FUZZ_ROUNDS lengthens the run.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 20_240_711;
    private const int Parallel = 8;

    /// <summary>The one socket that each loop keeps.</summary>
    private const int Listener = 1;

    private static int Rounds => FuzzRounds.Scale(1_500);

    [Fact]
    public async Task A_server_stands_whatever_its_clients_send()
    {
        await using var rig = new HboneRig { OnStream = EchoAsync };
        await RunAsync(async random =>
        {
            await using RawPeer client = await RawPeer.ConnectAsync(rig);
            await TalkAsync(client, FrameFuzz.Conversation(random, isClient: true), random);
        });

        await AssertStandsAsync(rig);
    }

    [Fact]
    public async Task A_client_stands_whatever_its_server_sends()
    {
        await using var rig = new HboneRig(pool: new HbonePoolOptions(4, TimeSpan.FromMilliseconds(50))) { OnStream = EchoAsync };
        using TcpListener listener = RawPeer.ListenFor(rig);
        using var over = new CancellationTokenSource();
        Task servers = ServeAsync(rig, listener, over.Token);
        await RunAsync(async random =>
        {
            await SendAsync(rig, random.Next(40_000));
            await rig.OutboundEndAsync();
        });
        await over.CancelAsync();
        await servers;

        rig.TunnelEndPoint = rig.OwnTunnelEndPoint;
        await AssertStandsAsync(rig);
    }

    [Fact]
    public async Task Records_mutated_on_the_wire_end_the_tunnel_and_nothing_else()
    {
        await using var rig = new HboneRig { OnStream = EchoAsync };
        await RunAsync(async random =>
        {
            await using RawPeer client = await RawPeer.ConnectAsync(rig);
            await client.SendAsync(FrameBytes.Connect(1), FrameBytes.Data(1, random.Next(1, 5_000)));
            byte[] garbage = new byte[random.Next(1, 20_000)];
            random.NextBytes(garbage);
            if (random.Next(2) == 0)
            {
                // A plausible header, so that the record is taken for one.
                (garbage[0], garbage[^1]) = ((byte)23, 1);
            }

            await client.SendOutsideTlsAsync(garbage);
            client.Truncate();
            await client.ReadToEndAsync();
        });

        await AssertStandsAsync(rig);
    }

    private static async ValueTask EchoAsync(Ambient.Hbone.Tunnels.TunnelStream stream)
    {
        Http2Headers request = stream.TakeRequest();
        stream.Respond(request.Method == "CONNECT" ? 200 : 400, new Http2Headers(), endStream: request.Method != "CONNECT");
        while (!stream.IsReceiveEnded && stream.Failure is null)
        {
            await stream.WaitReceivedAsync();
            stream.Consume(Waiting(stream));
        }

        stream.EndSend();
    }

    private static int Waiting(Ambient.Hbone.Tunnels.TunnelStream stream)
    {
        Span<Ambient.Transport.Sockets.IoVector> vectors = stackalloc Ambient.Transport.Sockets.IoVector[16];
        int bytes = 0;
        foreach (Ambient.Transport.Sockets.IoVector vector in vectors[..stream.PeekReceived(vectors)])
        {
            bytes += (int)vector.Length;
        }

        return bytes;
    }

    private static Task RunAsync(Func<Random, Task> round) => Task.WhenAll(Enumerable.Range(0, Parallel).Select(async lane =>
    {
        for (int number = lane; number < Rounds; number += Parallel)
        {
            await round(new Random(Seed + number));
        }
    }));

    /// <summary>As many servers as the pool dials, until the token says that no more come.</summary>
    private static async Task ServeAsync(HboneRig rig, TcpListener listener, CancellationToken over)
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(over);
                conversations.Add(ServeAsync(rig, socket, new Random(Seed + conversations.Count)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private static async Task ServeAsync(HboneRig rig, Socket socket, Random random)
    {
        await using RawPeer server = await RawPeer.AcceptAsync(rig, socket);
        await TalkAsync(server, FrameFuzz.Conversation(random, isClient: false), random);
    }

    private static async Task TalkAsync(RawPeer peer, byte[] bytes, Random random)
    {
        try
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                int length = Math.Min(bytes.Length - sent, random.Next(1, 20_000));
                await peer.SendAsync(bytes[sent..(sent + length)]);
                sent += length;
            }

            if (random.Next(2) == 0)
            {
                await peer.CloseAsync();
            }
            else
            {
                peer.Reset();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or SocketException)
        {
            // The tunnel was ended by our side: the usual answer to nonsense.
        }
    }

    private static async Task SendAsync(HboneRig rig, int length)
    {
        try
        {
            Socket socket = await rig.ConnectAppAsync();
            await socket.SendAllAsync(new byte[length]);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Reset with its tunnel.
        }
    }

    /// <summary>A good tunnel works, and when it is gone the loop has as many sockets as at first.</summary>
    private static async Task AssertStandsAsync(HboneRig rig)
    {
        await rig.OnOutboundAsync(async () =>
        {
            HboneOpenResult opened = await rig.OpenAsync("10.9.9.9");
            Assert.Null(opened.Failure);
            opened.Stream!.Dispose();
            rig.Pool.Dispose();
        });
        await HboneRig.UntilAsync(() => rig.InboundLoop.Load == Listener && rig.OutboundLoop.Load == Listener);
        Assert.Equal(0, rig.InboundLoop.UnhandledExceptions + rig.OutboundLoop.UnhandledExceptions);
    }
}
