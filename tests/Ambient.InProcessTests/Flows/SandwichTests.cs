using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.InProcessTests.Ztunnel;

namespace Ambient.InProcessTests.Flows;

/// <summary>
/// A waypoint that is itself behind a ztunnel (node-proxy 1.8, 11.1 sandwich rows): host 1 is the client, 2 the server, 3 the waypoint's pod, whose
/// application is an ordinary TCP proxy.
/// </summary>
public sealed class SandwichTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();
    private Application _server = null!;

    public Task InitializeAsync()
    {
        _server = _rig.StartApplication(2);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_captured_waypoint_takes_what_is_meant_for_the_server_and_passes_it_on_without_a_loop()
    {
        TestNode waypoint = await StartAsync(
            $"waypoint: {{ destination: /{_rig.Host(3)}, hboneMtlsPort: 15008 }}", "applicationTunnel: { protocol: NONE }", "");
        _rig.StartApplication(3).OnConnection = downstream => PassOnAsync(downstream, _rig.Forward(3, 1));

        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        Assert.Contains("dst.hbone_addr=" + _rig.Host(2) + ":8080", await waypoint.Log.WaitForAsync("connection complete", "direction=\"inbound\""), StringComparison.Ordinal);
        Assert.Contains("dst.workload=\"server\"", await waypoint.Log.WaitForAsync("connection complete", "direction=\"outbound\""), StringComparison.Ordinal);
        Assert.Single(_server.Callers);
    }

    [Fact]
    public async Task A_waypoint_behind_a_PROXY_tunnel_is_told_who_calls_whom_and_connects_there()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        int port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        await StartAsync(
            $"waypoint: {{ destination: /{_rig.Vip(2)}, hboneMtlsPort: 15008 }}",
            $"applicationTunnel: {{ protocol: PROXY, port: {port} }}",
            $$"""  - { name: waypoint, namespace: shop, hostname: waypoint.shop, vips: ["/{{_rig.Vip(2)}}"], ports: {} }""" + "\n",
            "services: { shop/waypoint.shop: {} }");

        Task<string> exchange = Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello);
        using Socket accepted = await reserved.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(20));
        byte[] head = await ReceiveAsync(accepted, 16);
        byte[] rest = await ReceiveAsync(accepted, BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(14)));
        await PassOnAsync(accepted, _rig.Forward(3, 1));

        Assert.Equal(Requests.Hello + Requests.Hello, await exchange);
        Assert.Equal("\r\n\r\n\0\r\nQUIT\n", Encoding.ASCII.GetString(head, 0, 12));
        Assert.Equal((0x21, 0x11), (head[12], head[13]));
        Assert.Equal(_rig.Host(2), new IPAddress(rest.AsSpan(4, 4)));
        Assert.Equal(8080, BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(10)));
        Assert.Equal(0xD0, rest[12]);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/client", Encoding.UTF8.GetString(rest, 15, BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(13))));
        Assert.Equal(rest.Length, 15 + BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(13)));
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
    }

    private async Task<TestNode> StartAsync(string serverWaypoint, string tunnel, string services, string memberships = "services: {}")
    {
        string mesh = "workloads:\n" + _rig.Workload(1, "client") + _rig.Workload(2, "server", "services: {}, " + serverWaypoint)
            + _rig.Workload(3, "waypoint", $"{memberships}, {tunnel}") + (services.Length == 0 ? "services: []\n" : "services:\n" + services);
        IPEndPoint server = new(_rig.Host(2), 8080);
        await _rig.StartNodeAsync(2, "server", mesh, []);
        await _rig.StartNodeAsync(1, "client", mesh, [server]);
        return await _rig.StartNodeAsync(3, "waypoint", mesh, [server]);
    }

    /// <summary>What a TCP proxy does: from the pod's own address, so that its ztunnel knows whose traffic it is.</summary>
    private async Task PassOnAsync(Socket downstream, IPEndPoint captured)
    {
        using Socket upstream = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        upstream.Bind(new IPEndPoint(_rig.Host(3), 0));
        await upstream.ConnectAsync(captured);
        await Task.WhenAll(CopyAsync(downstream, upstream), CopyAsync(upstream, downstream));
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
        {
            await to.SendAsync(buffer.AsMemory(0, read));
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int received = 0; received < length;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(received));
            Assert.NotEqual(0, read);
            received += read;
        }

        return bytes;
    }
}
