using System.Net;
using System.Net.Sockets;
using Ambient.InProcessTests.Dns;
using Ambient.Mesh.Dns;
using Ambient.Tls;
using Ambient.Ztunnel.Admin;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>What a ztunnel does under the settings that take a part of it away or restrict it (node-proxy 1.1.1, 9.7, 9.8).</summary>
public sealed class ModeTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Without_the_proxy_names_are_answered_nothing_else_listens_and_nobody_needs_a_certificate()
    {
        TestNode node = await _cluster.StartServerAsync(("ENABLE_PROXY", "false"), ("AMBIENT_LOCAL_ROOT", ""), ("UNSTABLE_ENABLE_SOCKS5", "true"));

        DnsMessage answer = await DnsCaller.AskAsync(new IPEndPoint(node.Address, 15053), "web.shop", DnsType.A);
        Assert.Single(answer.Answers);
        foreach (int port in new[] { 15001, 15006, 15008, 15080 })
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            SocketException refused = await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(new IPEndPoint(node.Address, port)));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }

        using HttpClient http = new();
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri($"http://{node.Address}:15021/healthz/ready")));
        string dump = await http.GetStringAsync(new Uri($"http://{node.Address}:15000/config_dump"));
        Assert.Contains("\"proxy\": false", dump, StringComparison.Ordinal);
        Assert.Contains("\"dnsProxy\": true", dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_dns_connections_are_carried_and_no_name_is_answered()
    {
        _cluster.StartServerApplication();
        await _cluster.StartServerAsync(("ISTIO_META_DNS_CAPTURE", "false"));
        await _cluster.StartClientAsync(("ISTIO_META_DNS_CAPTURE", "no"));

        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(new IPEndPoint(_cluster.ClientAddress, 15053)));
    }

    [Fact]
    public async Task Post_quantum_key_exchange_is_used_where_openssl_has_it_and_refused_with_the_next_step_where_not()
    {
        (string, string) policy = ("COMPLIANCE_POLICY", "pqc");
        if (!TlsLibrary.HasGroup(TlsOptions.PostQuantumGroup))
        {
            StartException refused = await Assert.ThrowsAsync<StartException>(() => _cluster.StartServerAsync(policy));
            Assert.Contains("install OpenSSL 3.5 or later", refused.Message, StringComparison.Ordinal);
            return;
        }

        // With itself it works, and with a node that does not offer the group there is no connection.
        _cluster.StartServerApplication();
        await _cluster.StartServerAsync(policy);
        TestNode classical = await _cluster.StartClientAsync();
        Assert.Equal("", await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
        await classical.DisposeAsync();
        await _cluster.StartClientAsync(policy);
        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
    }

    [Fact]
    public async Task Lines_about_one_connection_carry_the_same_id_on_both_sides_and_its_access_line_none()
    {
        _cluster.StartServerApplication();
        _cluster.WritePolicies("""
              - { name: all, namespace: shop, scope: Namespace, action: Allow, dryRun: false, rules: [[[{ namespaces: [{ Exact: shop }] }]]] }

            """);
        TestNode server = await _cluster.StartServerAsync(("RUST_LOG", "debug"));
        TestNode client = await _cluster.StartClientAsync(("RUST_LOG", "debug"));
        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));

        string sent = await client.Log.WaitForAsync("proxy::outbound:proxy{wl=shop/client}:outbound{id=", "\trequest sent\t");
        string id = sent[(sent.IndexOf("{id=", StringComparison.Ordinal) + 4)..][..32];
        Assert.Matches("^[0-9a-f]{32}$", id);
        await server.Log.WaitForAsync($"proxy::inbound:proxy{{wl=shop/server}}:inbound{{id={id} peer=", "\trequest received\t");
        await server.Log.WaitForAsync($"rbac:proxy{{wl=shop/server}}:inbound{{id={id} peer=", "allow policy match");
        Assert.Contains("\taccess\tconnection complete\t", await server.Log.WaitForAsync("connection complete"), StringComparison.Ordinal);
    }
}
