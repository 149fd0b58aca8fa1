using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Flows;

namespace Ambient.InProcessTests.Flows;

/// <summary>The SOCKS5 listener (node-proxy 1.9) between a client that may be anything and the mesh. Host 1 is the client's node, 2 the server.</summary>
public sealed class SocksTests : IAsyncLifetime
{
    private static readonly byte[] Greeting = [5, 1, 0];

    private readonly FlowRig _rig = new();
    private TestNode _client = null!;

    public async Task InitializeAsync()
    {
        _rig.StartApplication(2);
        string mesh = "workloads:\n" + _rig.Workload(1, "client") + _rig.Workload(2, "server", "services: { shop/web.shop: { 80: 8080 } }")
            + $$"""
            services:
              - { name: web, namespace: shop, hostname: web.shop, vips: ["/{{_rig.Vip(1)}}"], ports: { 80: 8080 } }
            """;
        await _rig.StartNodeAsync(2, "server", mesh, []);
        _client = await _rig.StartNodeAsync(
            1, "client", mesh, [], ("UNSTABLE_ENABLE_SOCKS5", "true"), ("AMBIENT_SOCKS5_ADDRESS", $"{_rig.Host(1)}:15080"));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("address")]
    [InlineData("virtual address")]
    [InlineData("service")]
    public async Task A_client_reaches_a_workload_by_address_or_a_service_by_address_or_name_through_the_tunnel(string how)
    {
        using Socket socket = await GreetAsync();
        await socket.SendAsync(how switch
        {
            "address" => Request(1, _rig.Host(2).GetAddressBytes(), 8080),
            "virtual address" => Request(1, _rig.Vip(1).GetAddressBytes(), 80),
            _ => Request(3, [8, .. "web.shop"u8], 80),
        });
        Assert.Equal([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], await ReceiveAsync(socket, 10));

        await socket.SendAsync("hello"u8.ToArray());
        Assert.Equal("hellohello", Encoding.ASCII.GetString(await ReceiveAsync(socket, 10)));
        socket.Shutdown(SocketShutdown.Send);
        Assert.True(await Requests.IsCutAsync(socket));
        Assert.Contains($"dst.hbone_addr={_rig.Host(2)}:8080", await _client.Log.WaitForAsync("connection complete", "direction=\"outbound\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_connections_share_tunnels_among_themselves_and_with_no_other_listener()
    {
        await using FlowRig rig = new();
        Application application = rig.StartApplication(2);
        ScriptedPeer peer = await rig.StartPeerAsync(2, "server");
        peer.RelayTo = new IPEndPoint(rig.Host(2), 8080);
        string mesh = "workloads:\n" + rig.Workload(1, "client") + rig.Workload(2, "server");
        await rig.StartNodeAsync(
            1, "client", mesh, [new IPEndPoint(rig.Host(2), 8080)],
            ("ZTUNNEL_WORKER_THREADS", "1"), ("UNSTABLE_ENABLE_SOCKS5", "true"), ("AMBIENT_SOCKS5_ADDRESS", $"{rig.Host(1)}:15080"));

        foreach (int tunnels in new[] { 1, 1 })
        {
            Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(rig.Forward(1, 1), Requests.Hello));
            Assert.Equal(tunnels, peer.Tunnels);
        }

        for (int connection = 0; connection < 2; connection++)
        {
            using Socket socket = await Requests.ConnectAsync(new IPEndPoint(rig.Host(1), 15080));
            await socket.SendAsync((byte[])[.. Greeting, .. Request(1, rig.Host(2).GetAddressBytes(), 8080), .. "hello"u8]);
            Assert.Equal("hellohello", Encoding.ASCII.GetString((await ReceiveAsync(socket, 22))[12..]));
            Assert.Equal(2, peer.Tunnels);
        }
    }

    [Fact]
    public async Task What_follows_the_request_in_the_same_segment_is_not_lost()
    {
        using Socket socket = await Requests.ConnectAsync(Socks);
        await socket.SendAsync((byte[])[.. Greeting, .. Request(1, _rig.Host(2).GetAddressBytes(), 8080), .. "early"u8]);

        Assert.Equal([5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0], await ReceiveAsync(socket, 12));
        Assert.Equal("earlyearly", Encoding.ASCII.GetString(await ReceiveAsync(socket, 10)));
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_understood()
    {
        using Socket socket = await Requests.ConnectAsync(Socks);
        foreach (byte next in (byte[])[.. Greeting, .. Request(3, [8, .. "WEB.shop"u8], 80)])
        {
            await socket.SendAsync(new[] { next });
            await Task.Yield();
        }

        Assert.Equal([5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0], await ReceiveAsync(socket, 12));
    }

    [Theory]
    [InlineData("0401")]
    [InlineData("0500")]
    [InlineData("050102")]
    [InlineData("474554202f")]
    public async Task A_greeting_that_is_not_ours_is_told_off_and_logged(string hex) => await AssertRefusedAsync(hex, 7, 0, "InvalidRequest");

    [Theory]
    [InlineData("0502")]
    [InlineData("0503")]
    [InlineData("0401")]
    [InlineData("0501000500")]
    [InlineData("05010003022a2e0050")]
    [InlineData("0501000300")]
    public async Task A_request_that_is_not_ours_is_told_off_and_logged(string hex) =>
        await AssertRefusedAsync("050100" + hex.PadRight(8, '0'), 7, 2, "InvalidRequest");

    [Fact]
    public async Task A_name_without_an_address_is_unreachable() =>
        await AssertRefusedAsync("050100" + "05010003" + "04" + Convert.ToHexString("a..b"u8) + "0050", 4, 2, "NameResolution");

    [Fact]
    public async Task A_client_that_asks_for_an_own_port_of_the_proxy_is_refused()
    {
        using Socket socket = await GreetAsync();
        await socket.SendAsync(Request(1, [127, 0, 0, 1], 15080));
        await ReceiveAsync(socket, 10);

        Assert.True(await Requests.IsCutAsync(socket));
        Assert.Contains("attempted recursive call to ourselves", await _client.Log.WaitForAsync("connection failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_never_ask_are_bounded_and_those_that_go_away_are_forgotten()
    {
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < 513; i++)
            {
                silent.Add(await Requests.ConnectAsync(Socks));
            }

            await _client.Log.WaitForAsync("connection failed", "socks: too many handshakes at once");
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }

        await Hbone.HboneRig.UntilAsync(() => _client.Log.Lines.Count(line => line.Contains("ended the connection before its request", StringComparison.Ordinal)) >= 512);
        (await GreetAsync()).Dispose();
    }

    private IPEndPoint Socks => new(_rig.Host(1), 15080);

    private async Task AssertRefusedAsync(string hex, byte reply, int greetingAnswer, string reason)
    {
        using Socket socket = await Requests.ConnectAsync(Socks);
        await socket.SendAsync(Convert.FromHexString(hex));

        byte[] answer = await ReceiveAsync(socket, greetingAnswer + 10);
        Assert.Equal([5, reply, 0, 1, 0, 0, 0, 0, 0, 0], answer[greetingAnswer..]);
        Assert.True(await Requests.IsCutAsync(socket));
        string line = await _client.Log.WaitForAsync("connection failed");
        Assert.Contains("error=\"socks: ", line, StringComparison.Ordinal);
        Assert.Contains($"error.reason=\"{reason}\"", line, StringComparison.Ordinal);
    }

    private async Task<Socket> GreetAsync()
    {
        Socket socket = await Requests.ConnectAsync(Socks);
        await socket.SendAsync(Greeting);
        Assert.Equal([5, 0], await ReceiveAsync(socket, 2));
        return socket;
    }

    private static byte[] Request(byte type, ReadOnlySpan<byte> address, ushort port)
    {
        byte[] request = [5, 1, 0, type, .. address, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2..), port);
        return request;
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        for (int received = 0; received < length;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(received), patience.Token);
            Assert.NotEqual(0, read);
            received += read;
        }

        return bytes;
    }
}
