using System.Net.Sockets;
using System.Text;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>Policies on live traffic (node-proxy 4), changed by replacing the mesh file.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private const string OnlyApi = """
          - { name: only-api, namespace: shop, scope: Namespace, action: Allow, dryRun: false,
              rules: [[[{ principals: [{ Exact: cluster.local/ns/shop/sa/api }] }]]] }

        """;

    private const string Strict = """
          - { name: strict, namespace: "", scope: Global, action: Deny, dryRun: false,
              rules: [[[{ notPrincipals: [{ Presence: [] }] }]]] }

        """;

    private readonly TestCluster _cluster = new();
    private TestNode _client = null!;
    private TestNode _server = null!;

    public async Task InitializeAsync()
    {
        _cluster.StartServerApplication();
        _server = await _cluster.StartServerAsync();
        _client = await _cluster.StartClientAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_caller_that_no_ALLOW_policy_names_is_refused_with_401_and_both_sides_say_so()
    {
        await ApplyAsync(OnlyApi);

        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));

        string inbound = await _server.Log.WaitForAsync("connection complete");
        Assert.Contains(
            "error=\"connection closed due to policy rejection: allow policies exist, but none allowed\"", inbound, StringComparison.Ordinal);
        Assert.Contains("shop/only-api", inbound, StringComparison.Ordinal);
        Assert.Contains("error=\"http status: 401\"", await _client.Log.WaitForAsync("connection complete"), StringComparison.Ordinal);
        Assert.Equal(1, await _server.MetricAsync("istio_tcp_connections_failed_total", "response_flags=\"DENY\""));
    }

    [Fact]
    public async Task A_policy_that_comes_later_cuts_a_running_connection_and_lets_it_through_when_it_goes()
    {
        using Socket running = await Requests.ConnectAsync(_cluster.Forward(1));
        await running.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(running, 2));

        await ApplyAsync(OnlyApi);

        Assert.True(await Requests.IsCutAsync(running));
        string cut = await _server.Log.WaitForAsync("connection complete");
        Assert.Contains("error=\"connection closed due to policy change\"", cut, StringComparison.Ordinal);
        Assert.Contains("hint=\"allow policies exist, but none allowed; the caller is cluster.local/ns/shop/sa/client;", cut, StringComparison.Ordinal);
        await ApplyAsync(string.Empty);
        Assert.Equal("bb", await Requests.ExchangeAsync(_cluster.Forward(1), "b"));
    }

    [Fact]
    public async Task Strict_mode_refuses_plaintext_and_permissive_mode_takes_it()
    {
        System.Net.IPEndPoint plaintext = new(_cluster.ServerAddress, 15006);

        // Without redirection the plaintext listener sees its own port as the destination; that call must be refused in any mode.
        Assert.Empty(await Requests.ExchangeAsync(plaintext, Requests.Hello));
        Assert.Contains("attempted recursive call to ourselves", await _server.Log.WaitForAsync("connection failed"), StringComparison.Ordinal);

        await ApplyAsync(Strict);
        Assert.Equal("cc", await Requests.ExchangeAsync(_cluster.Forward(1), "c"));
    }

    [Fact]
    public async Task A_file_with_an_error_is_refused_with_its_line_and_the_last_good_state_stays()
    {
        await ApplyAsync(OnlyApi);
        _cluster.WritePolicies("  - { name: broken, namespace: shop, scope: Nowhere }\n");
        await _server.Log.WaitForAsync("mesh state refused", "line ");

        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
        Assert.Contains("policy rejection", await _server.Log.WaitForAsync("connection complete"), StringComparison.Ordinal);
    }

    /// <summary>Writes the policies and waits until both nodes have them.</summary>
    private async Task ApplyAsync(string policies)
    {
        int server = Applied(_server);
        int client = Applied(_client);
        _cluster.WritePolicies(policies);
        foreach ((TestNode node, int before) in new[] { (_server, server), (_client, client) })
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
            using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
            while (Applied(node) == before)
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    private static int Applied(TestNode node) => node.Log.Lines.Count(line => line.Contains("mesh state applied", StringComparison.Ordinal));
}
