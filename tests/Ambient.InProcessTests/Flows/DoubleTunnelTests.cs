using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Flows;

namespace Ambient.InProcessTests.Flows;

/// <summary>
/// A destination on another network: one tunnel to that network's gateway, and inside it a second one to the far proxy (node-proxy 1.7, 11.1
/// double_hbone1 and double_hbone2). Host 1 is the client, 2 the gateway, 3 the far proxy and its application.
/// </summary>
public sealed class DoubleTunnelTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();
    private Application _application = null!;
    private ScriptedPeer _gateway = null!;

    private string ClientMesh(string gateway = "", string sans = "spiffe://cluster.local/ns/shop/sa/far", string policies = "[]") => $$"""
        workloads:
          - { uid: c//Pod/shop/client, name: client, namespace: shop, trustDomain: cluster.local, serviceAccount: client, network: near, protocol: HBONE,
              workloadIps: ["{{_rig.Host(1)}}"], workloadName: client, canonicalName: client, services: {} }
          - { uid: c//Pod/shop/gateway, name: gateway, namespace: shop, trustDomain: cluster.local, serviceAccount: gateway, network: far, protocol: HBONE,
              workloadIps: ["{{_rig.Host(2)}}"], workloadName: gateway, canonicalName: gateway, services: { shop/gateway.shop: { 15009: 15008 } } }
          - { uid: far/SplitHorizonWorkload/gateway/remote, name: remote, namespace: shop, trustDomain: cluster.local, serviceAccount: default, network: far,
              protocol: HBONE, workloadIps: [], workloadName: remote, canonicalName: remote, services: { shop/remote.shop: { 80: 8080 } },
              networkGateway: {{(gateway.Length > 0 ? gateway : $"{{ destination: far/{_rig.Host(2)}, hboneMtlsPort: 15008 }}")}} }
        services:
          - { name: remote, namespace: shop, hostname: remote.shop, vips: ["near/{{_rig.Vip(1)}}"], ports: { 80: 8080 }, subjectAltNames: ["{{sans}}"] }
          - { name: gateway, namespace: shop, hostname: gateway.shop, vips: [], ports: { 15009: 15008 } }
        policies: {{policies}}
        """;

    private string FarMesh(string policies = "[]") => $$"""
        workloads:
          - { uid: c//Pod/shop/far, name: far, namespace: shop, trustDomain: cluster.local, serviceAccount: far, network: far, protocol: HBONE,
              workloadIps: ["{{_rig.Host(3)}}"], workloadName: far-deployment, canonicalName: far-app, canonicalRevision: v7, clusterId: far-cluster,
              services: { shop/remote.shop: { 80: 8080 } } }
          - { uid: c//Pod/shop/gateway, name: gateway, namespace: shop, trustDomain: cluster.local, serviceAccount: gateway, network: far, protocol: HBONE,
              workloadIps: ["{{_rig.Host(2)}}"], workloadName: gateway, canonicalName: gateway, services: {} }
        services:
          - { name: remote, namespace: shop, hostname: remote.shop, vips: [], ports: { 80: 8080 } }
        policies: {{policies}}
        """;

    public async Task InitializeAsync()
    {
        _application = _rig.StartApplication(3);
        _gateway = await _rig.StartPeerAsync(2, "gateway");
        _gateway.RelayTo = new IPEndPoint(_rig.Host(3), 15008);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_workload_of_another_network_is_reached_through_a_tunnel_inside_the_tunnel_to_its_gateway()
    {
        TestNode far = await StartFarAsync();
        TestNode client = await StartClientAsync(ClientMesh());

        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        string outbound = await client.Log.WaitForAsync("connection complete", "direction=\"outbound\"");
        Assert.Contains($"dst.addr={_rig.Host(2)}:15008 dst.hbone_addr=remote.shop:80", outbound, StringComparison.Ordinal);
        Assert.Contains("dst.service=\"remote.shop\" dst.workload=\"far-app\" dst.namespace=\"shop\"", outbound, StringComparison.Ordinal);
        Assert.Contains("dst.identity=\"spiffe://cluster.local/ns/shop/sa/far\" dst.cluster=\"far-cluster\"", outbound, StringComparison.Ordinal);
        Assert.Contains("bytes_sent=11 bytes_recv=22", outbound, StringComparison.Ordinal);
        string[] labels =
        [
            "destination_workload=\"far-deployment\"", "destination_version=\"v7\"", "destination_cluster=\"far-cluster\"",
            "destination_principal=\"spiffe://cluster.local/ns/shop/sa/far\"", "destination_service=\"remote.shop\"", "mutual_tls",
        ];
        Assert.Equal(1, await client.MetricAsync("istio_tcp_connections_opened_total", labels));
        Assert.Equal(1, await client.MetricAsync("istio_tcp_connections_closed_total", labels));
        Assert.Equal(22, await client.MetricAsync("istio_tcp_sent_bytes_total", labels));

        // The far proxy sees the gateway's address, and must not take the gateway for the source.
        string inbound = await far.Log.WaitForAsync("connection complete", "direction=\"inbound\"");
        Assert.Contains("src.workload=\"client\"", inbound, StringComparison.Ordinal);
        Assert.Contains("src.identity=\"spiffe://cluster.local/ns/shop/sa/client\"", inbound, StringComparison.Ordinal);
        Assert.Contains("dst.hbone_addr=remote.shop:80", inbound, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_named_by_its_service_is_reached_on_the_target_port()
    {
        await StartFarAsync();
        TestNode client = await StartClientAsync(ClientMesh("{ destination: shop/gateway.shop, hboneMtlsPort: 15009 }"));

        Assert.Equal("xx", await Requests.ExchangeAsync(_rig.Forward(1, 1), "x"));

        string outbound = await client.Log.WaitForAsync("connection complete", "direction=\"outbound\"");
        Assert.Contains($"dst.addr={_rig.Host(2)}:15008 dst.hbone_addr=remote.shop:80", outbound, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_inner_request_names_the_senders_network_and_both_carry_one_trace()
    {
        ScriptedPeer far = await StartScriptedFarAsync();
        await StartClientAsync(ClientMesh());

        Assert.Equal("xx", await Requests.ExchangeAsync(_rig.Forward(1, 1), "x"));

        ConnectSeen outer = Assert.Single(_gateway.Seen);
        ConnectSeen inner = Assert.Single(far.Seen);
        Assert.Equal(("remote.shop:80", "remote.shop:80"), (outer.Authority, inner.Authority));
        Assert.Null(outer.ForwardedNetwork);
        Assert.Equal("near", inner.ForwardedNetwork);
        Assert.Equal(outer.TraceParent, inner.TraceParent);
        Assert.NotNull(inner.TraceParent);
        Assert.Contains("k8s.namespace.name=shop", inner.Baggage!, StringComparison.Ordinal);
        Assert.EndsWith(";host=remote.shop", inner.Forwarded!, StringComparison.Ordinal);
        Assert.Equal(outer, inner with { ForwardedNetwork = null });
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/client", inner.Caller);
    }

    [Fact]
    public async Task Outer_tunnels_are_shared_and_each_connection_has_an_inner_one_of_its_own()
    {
        ScriptedPeer far = await StartScriptedFarAsync();
        await StartClientAsync(ClientMesh(), ("ZTUNNEL_WORKER_THREADS", "1"));
        Assert.Equal("xx", await Requests.ExchangeAsync(_rig.Forward(1, 1), "x"));

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Requests.ExchangeAsync(_rig.Forward(1, 1), "y")));

        Assert.All(answers, answer => Assert.Equal("yy", answer));
        Assert.Equal((1, 9), (_gateway.Tunnels, far.Tunnels));
    }

    [Fact]
    public async Task Megabytes_pass_both_ways_unchanged_and_a_half_close_passes_through()
    {
        await StartFarAsync();
        await StartClientAsync(ClientMesh());
        byte[] sent = new byte[8 * 1024 * 1024];
        new Random(7).NextBytes(sent);
        _application.OnConnection = MirrorAsync;

        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using Socket socket = await Requests.ConnectAsync(_rig.Forward(1, 1));
            Task sending = SendAndEndAsync(socket, sent);
            byte[] received = new byte[sent.Length];
            await ReceiveExactlyAsync(socket, received);
            await sending;
            Assert.True(received.AsSpan().SequenceEqual(sent));
            Assert.True(await Requests.IsCutAsync(socket));
        }));
    }

    [Fact]
    public async Task A_caller_that_does_not_read_does_not_hold_up_its_neighbour_on_the_same_outer_tunnel()
    {
        ScriptedPeer far = await StartScriptedFarAsync();
        await StartClientAsync(ClientMesh(), ("ZTUNNEL_WORKER_THREADS", "1"));
        byte[] much = new byte[32 * 1024 * 1024];
        _application.OnConnection = async socket =>
        {
            byte[] first = new byte[1];
            await socket.ReceiveAsync(first);
            await (first[0] == (byte)'L' ? SendAndEndAsync(socket, much) : socket.SendAsync(first));
        };
        using Socket lazy = await Requests.ConnectAsync(_rig.Forward(1, 1));
        await lazy.SendAsync("L"u8.ToArray());
        await Hbone.HboneRig.UntilAsync(() => lazy.Available > 0);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("e", await Requests.ExchangeAsync(_rig.Forward(1, 1), "e"));
        }

        Assert.Equal((1, 21), (_gateway.Tunnels, far.Tunnels));
        byte[] received = new byte[much.Length];
        await ReceiveExactlyAsync(lazy, received);
    }

    [Fact]
    public async Task A_far_end_of_another_identity_is_refused_and_the_report_says_that_the_gateway_was_reached()
    {
        await StartFarAsync();
        TestNode client = await StartClientAsync(ClientMesh(sans: "spiffe://cluster.local/ns/shop/sa/other"));

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        string line = await client.Log.WaitForAsync("connection complete", "error=");
        Assert.Contains("SanError: peer presented spiffe://cluster.local/ns/shop/sa/far, expected spiffe://cluster.local/ns/shop/sa/other", line, StringComparison.Ordinal);
        Assert.Contains("inside the tunnel to the network gateway", line, StringComparison.Ordinal);
        Assert.Contains("error.phase=\"TlsHandshake\" error.side=\"Upstream\" error.reason=\"IdentityMismatch\"", line, StringComparison.Ordinal);
        Assert.Equal(1, await client.MetricAsync("istio_tcp_connections_failed_total", "response_flags=\"TLS_FAILURE\""));
        Assert.Empty(_application.Callers);
    }

    [Fact]
    public async Task A_policy_of_the_far_network_sees_the_client_and_not_the_gateway()
    {
        await StartFarAsync("""
            [{ name: not-the-client, namespace: shop, scope: Namespace, action: Deny, dryRun: false,
              rules: [[[{ principals: [{ Exact: cluster.local/ns/shop/sa/client }] }]]] }]
            """);
        TestNode client = await StartClientAsync(ClientMesh());

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        string line = await client.Log.WaitForAsync("connection complete", "error=");
        Assert.Contains("error=\"http status: 401 (inside the tunnel to the network gateway)\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_refuses_is_told_apart_from_a_far_end_that_refuses()
    {
        _gateway.Status = 503;
        TestNode client = await StartClientAsync(ClientMesh());

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        Assert.Contains("error=\"http status: 503\"", await client.Log.WaitForAsync("connection complete", "error="), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_goes_away_breaks_the_connection_and_nothing_is_taken_for_complete()
    {
        await StartFarAsync();
        TestNode client = await StartClientAsync(ClientMesh());
        using Socket socket = await Requests.ConnectAsync(_rig.Forward(1, 1));
        await socket.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(socket, 2));

        await _gateway.CutAsync();

        SocketException reset = await Assert.ThrowsAsync<SocketException>(
            async () => await socket.ReceiveAsync(new byte[1].AsMemory()).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await client.Log.WaitForAsync("connection complete", "error=", $"dst.addr={_rig.Host(2)}:15008");
    }

    [Fact]
    public async Task A_drain_does_not_wait_for_a_far_end_that_never_answers()
    {
        // What the gateway relays to takes connections and says nothing: the inner handshake has no answer.
        using var silent = new TcpListener(_rig.Host(4), 15008);
        silent.Start();
        _gateway.RelayTo = (IPEndPoint)silent.LocalEndpoint;
        TestNode client = await StartClientAsync(ClientMesh(), ("TERMINATION_GRACE_PERIOD_SECONDS", "2"));
        using Socket socket = await Requests.ConnectAsync(_rig.Forward(1, 1));
        using Socket reached = await silent.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(20));

        await client.StopAsync().WaitAsync(TimeSpan.FromSeconds(8));

        Assert.True(await Requests.IsCutAsync(socket));
        Assert.Contains("connection closed due to connection drain", await client.Log.WaitForAsync("connection complete"), StringComparison.Ordinal);
    }

    private async Task<TestNode> StartFarAsync(string policies = "[]") =>
        await _rig.StartNodeAsync(3, "far", FarMesh(policies), [], ("NETWORK", "far"));

    private async Task<ScriptedPeer> StartScriptedFarAsync()
    {
        ScriptedPeer far = await _rig.StartPeerAsync(3, "far");
        far.RelayTo = new IPEndPoint(_rig.Host(3), 8080);
        return far;
    }

    private Task<TestNode> StartClientAsync(string mesh, params (string, string)[] more) =>
        _rig.StartNodeAsync(1, "client", mesh, [new IPEndPoint(_rig.Vip(1), 80)], [("NETWORK", "near"), .. more]);

    private static async Task MirrorAsync(Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
        {
            for (int sent = 0; sent < read;)
            {
                sent += await socket.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task SendAndEndAsync(Socket socket, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task ReceiveExactlyAsync(Socket socket, byte[] bytes)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        for (int received = 0; received < bytes.Length;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(received), patience.Token);
            Assert.NotEqual(0, read);
            received += read;
        }
    }
}
