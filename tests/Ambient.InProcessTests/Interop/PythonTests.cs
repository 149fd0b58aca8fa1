using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.InProcessTests.Hbone;
using Ambient.Testing.Certs;
using Ambient.Testing.Transport;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Interop;

/// <summary>python3-h2 over python's ssl as the far end of a tunnel, in both roles.</summary>
public sealed class PythonTests
{
    private const string Package = "python3-h2";
    private const string Python = "/usr/bin/python3";
    private const string Library = "/usr/lib/python3/dist-packages/h2";
    private const int Bytes5Mb = 5_000_000;

    [ProgramTheory(Package, Python, Library)]
    [InlineData("echo", Bytes5Mb, 1)]
    [InlineData("many", 300_000, 50)]
    [InlineData("padded", Bytes5Mb, 1)]
    public async Task Its_client_sends_and_gets_everything_back(string mode, int size, int streams)
    {
        await using var rig = new HboneRig();
        Task echo = TunnelTests.EchoAsync(rig, streams);
        JsonElement result = await RunClientAsync(rig, mode, size);
        await echo;

        Assert.Equal(streams, result.GetProperty("good").GetInt32());
        Assert.Equal([200], result.GetProperty("statuses").EnumerateArray().Select(status => status.GetInt32()));
        Assert.True(result.GetProperty("largestSent").GetInt32() > (mode == "many" ? 200_000 : 900_000), result.ToString());
    }

    [ProgramFact(Package, Python, Library)]
    public async Task Its_client_may_ask_for_nothing_but_CONNECT()
    {
        await using var rig = new HboneRig { OnStream = InteropAnswers.ByMethodAsync };

        Assert.Equal(400, (await RunClientAsync(rig, "get", 0)).GetProperty("status").GetInt32());
    }

    [ProgramFact(Package, Python, Library)]
    public async Task Its_cancelled_stream_is_an_end_for_the_destination_and_the_tunnel_goes_on()
    {
        await using var rig = new HboneRig();
        Task<JsonElement> client = RunClientAsync(rig, "cancel", 10_000);
        Socket destination = await rig.AcceptAtDestinationAsync();

        Assert.Equal(10_000, (await destination.ReceiveToEndAsync()).Length);
        await rig.AcceptAtDestinationAsync();
        Assert.Equal(200, (await client).GetProperty("status").GetInt32());
    }

    [ProgramTheory(Package, Python, Library)]
    [InlineData("echo")]
    [InlineData("padded")]
    [InlineData("smallwindow")]
    [InlineData("goaway")]
    [InlineData("bigframes")]
    public async Task Its_server_echoes_everything_of_our_client(string mode)
    {
        await using var rig = new HboneRig();
        JsonElement report = await ServeAsync(rig, mode, async () =>
        {
            Socket app = await rig.ConnectAppAsync();
            byte[] payload = Hbone.Bytes.Random(Bytes5Mb, 4);
            Task sending = app.SendAndEndAsync(payload);
            (long Length, string Hash) received = await app.HashToEndAsync();
            Assert.Null(await rig.OutboundEndAsync());
            await sending;
            Assert.Equal((payload.Length, Hbone.Bytes.HashOf(payload)), received);
        });

        Assert.Equal(HboneRig.ClientId, report.GetProperty("uris")[0].GetString());
        JsonElement request = report.GetProperty("requests")[0];
        Assert.Equal("CONNECT", request.GetProperty(":method").GetString());
        Assert.False(request.TryGetProperty(":scheme", out _));
        Assert.Equal(rig.Destination.LocalEndpoint.ToString(), request.GetProperty(":authority").GetString());
        if (mode == "bigframes")
        {
            Assert.True(report.GetProperty("largestSent").GetInt32() > 1_000_000);
        }
    }

    [ProgramTheory(Package, Python, Library)]
    [InlineData("echo")]
    [InlineData("padded")]
    [InlineData("smallwindow")]
    [InlineData("bigframes")]
    public async Task Its_server_echoes_everything_that_comes_in_a_tunnel_inside_our_tunnel(string mode)
    {
        await using var rig = new HboneRig();
        using TemporaryDirectory directory = new();
        rig.Server.WritePem(directory.Path);
        await using ForeignProgram server = ForeignProgram.StartPython("h2_connect_server.py", directory.Path, mode);
        var farEnd = new IPEndPoint(IPAddress.Loopback, int.Parse(await server.ReadLineAsync(), CultureInfo.InvariantCulture));
        rig.OnStream = stream => RelayAsync(stream, farEnd);
        byte[] payload = Hbone.Bytes.Random(1_000_000, 4);

        await rig.OnOutboundAsync(() => SendInsideAsync(rig, payload));

        await rig.OnOutboundAsync(rig.Pool.Dispose);
        JsonElement report = await server.FinishWithJsonAsync();
        Assert.Equal(HboneRig.ClientId, report.GetProperty("uris")[0].GetString());
        Assert.Equal("remote.shop:80", report.GetProperty("requests")[0].GetProperty(":authority").GetString());
    }

    [ProgramFact(Package, Python, Library)]
    public async Task Its_server_s_refusal_and_reset_are_told_apart()
    {
        await using var refused = new HboneRig();
        await ServeAsync(refused, "refuse", async () =>
        {
            await refused.ConnectAppAsync();
            Assert.Equal("http status: 503", (await refused.OutboundEndAsync())!.Message);
        });

        await using var reset = new HboneRig();
        JsonElement report = await ServeAsync(reset, "reset", async () =>
        {
            Socket app = await reset.ConnectAppAsync();
            await app.SendAllAsync(new byte[10]);
            Assert.True(await app.IsResetAsync());
            ConnectionFailure failure = (await reset.OutboundEndAsync())!;
            Assert.Contains("InternalError", failure.Message, StringComparison.Ordinal);
        });
        Assert.True(report.GetProperty("terminated").GetBoolean());
    }

    /// <summary>As a network gateway does: bytes on, unseen.</summary>
    private static async ValueTask RelayAsync(TunnelStream stream, IPEndPoint farEnd)
    {
        DialResult dialled = await TcpDialer.ConnectAsync(stream.Loop, farEnd, DialOptions.Default);
        using LoopSocket upstream = dialled.Socket!;
        stream.Respond(200, new Http2Headers(), endStream: false);
        await TunnelCopier.CopyAsync(upstream, stream, new TrafficCounters(), isSocketDownstream: false);
    }

    private static async Task SendInsideAsync(HboneRig rig, byte[] payload)
    {
        HboneOpenResult outer = await rig.Pool.OpenAsync(rig.Key(), Http2Headers.ForConnect("remote.shop:80"), rig.DialAsync);
        HboneOpenResult inner = await new HboneClient(rig.Options, rig.Threads).OpenInsideAsync(
            outer.Stream!, rig.ClientCredentials, static _ => null, Http2Headers.ForConnect("remote.shop:80"), null, TimeSpan.FromSeconds(10));
        using TunnelStream stream = inner.Stream ?? throw new InvalidOperationException(inner.Failure!.Message);
        (LoopSocket own, Socket peer) = await LoopRig.ConnectPairAsync(rig.OutboundLoop, IPAddress.Loopback);
        using (peer)
        using (own)
        {
            Task<(long Length, string Hash)> application = Task.Run(async () =>
            {
                Task sending = peer.SendAndEndAsync(payload);
                (long Length, string Hash) received = await peer.HashToEndAsync();
                await sending;
                return received;
            });
            Assert.Null(await TunnelCopier.CopyAsync(own, stream, new TrafficCounters(), isSocketDownstream: true));
            Assert.Equal((payload.Length, Hbone.Bytes.HashOf(payload)), await application);
        }
    }

    private static async Task<JsonElement> RunClientAsync(HboneRig rig, string mode, int size)
    {
        using TemporaryDirectory directory = new();
        rig.Client.WritePem(directory.Path);
        await using ForeignProgram client = StartClient(rig, directory.Path, mode, size);
        return await client.FinishWithJsonAsync();
    }

    private static ForeignProgram StartClient(HboneRig rig, string directory, string mode, int size) => ForeignProgram.StartPython(
        "h2_connect_client.py",
        "127.0.0.1",
        rig.TunnelEndPoint.Port.ToString(CultureInfo.InvariantCulture),
        directory,
        rig.Destination.LocalEndpoint.ToString()!,
        mode,
        size.ToString(CultureInfo.InvariantCulture));

    private static async Task<JsonElement> ServeAsync(HboneRig rig, string mode, Func<Task> story)
    {
        using TemporaryDirectory directory = new();
        rig.Server.WritePem(directory.Path);
        await using ForeignProgram server = ForeignProgram.StartPython("h2_connect_server.py", directory.Path, mode);
        rig.TunnelEndPoint = new IPEndPoint(IPAddress.Loopback, int.Parse(await server.ReadLineAsync(), CultureInfo.InvariantCulture));
        await story();
        await rig.OnOutboundAsync(rig.Pool.Dispose);
        return await server.FinishWithJsonAsync();
    }
}
