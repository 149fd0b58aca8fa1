using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Testing.Certificates;
using Ambient.Testing.Certs;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>Two nodes whose certificates come from an authority: traffic, joined roots, and what an operator sees when the authority refuses.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _root = TestAuthority.CreateRoot("CN=mesh");
    private X509Certificate2 _serverCertificate = null!;
    private TestCa _ca = null!;

    private string Roots => _directory["roots.pem"];

    private string Token => _directory["token"];

    public async Task InitializeAsync()
    {
        _serverCertificate = TestCa.ServerCertificate(_root, "localhost");
        _ca = await TestCa.StartAsync(_root, _serverCertificate);
        await File.WriteAllTextAsync(Roots, TestCa.Pem(_root.RootDer));
        await File.WriteAllTextAsync(Token, "token");
        _cluster.StartServerApplication();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _ca.DisposeAsync();
        _serverCertificate.Dispose();
        _root.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Traffic_runs_with_certificates_of_the_authority_and_the_dump_shows_them()
    {
        TestNode server = await _cluster.StartServerAsync(Settings());
        await _cluster.StartClientAsync(Settings());

        Assert.Equal("hello worldhello world", await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));

        Assert.Equal(
            ["spiffe://cluster.local/ns/shop/sa/client", "spiffe://cluster.local/ns/shop/sa/server"],
            _ca.Requests.Select(request => request.Identity).Order(StringComparer.Ordinal));
        using HttpClient http = new();
        string dump = await http.GetStringAsync(new Uri($"http://{server.Address}:15000/config_dump"));
        Assert.Contains("\"identity\": \"spiffe://cluster.local/ns/shop/sa/server\"", dump, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.ASCII.GetBytes(TestCa.Pem(_root.RootDer))), dump, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_under_different_roots_of_a_joined_bundle_accept_each_other()
    {
        using TestAuthority other = TestAuthority.CreateRoot("CN=other mesh");
        string joined = TestCa.Pem(_root.RootDer) + TestCa.Pem(other.RootDer);
        _ca.Script = (request, _) =>
        {
            TestAuthority issuer = request.Identity.EndsWith("server", StringComparison.Ordinal) ? other : _root;
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return Task.FromResult<IReadOnlyList<string>?>(
                [TestCa.Pem(issuer.Certify(request.Key, request.Name, now.AddMinutes(-1), now.AddHours(1))[0]), joined]);
        };
        await _cluster.StartServerAsync(Settings());
        await _cluster.StartClientAsync(Settings());

        Assert.Equal("hello worldhello world", await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
    }

    [Fact]
    public async Task A_connection_without_a_certificate_says_why_and_recovers_by_itself()
    {
        _ca.Script = (_, call) =>
        {
            call.Finish(16, "not in the list");
            return Task.FromResult<IReadOnlyList<string>?>(null);
        };
        await _cluster.StartServerAsync(Settings());
        TestNode client = await _cluster.StartClientAsync(Settings());

        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));

        string line = await client.Log.WaitForAsync("connection complete", "identity error");
        Assert.Contains("CA_TRUSTED_NODE_ACCOUNTS", line, StringComparison.Ordinal);
        Assert.True(await client.MetricAsync("istio_tcp_connections_failed_total", "response_flags=\"IDENTITY_ERROR\"") >= 1);
        Assert.True(await client.MetricAsync("ambient_certificate_fetch_failures_total") >= 1);

        _ca.Script = null;
        await UntilAsync(async () => await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello) == "hello worldhello world");
    }

    [Fact]
    public async Task A_new_root_of_the_mesh_serves_new_connections_and_the_old_ones_go_on()
    {
        using TestAuthority next = TestAuthority.CreateRoot("CN=next mesh");
        string joined = TestCa.Pem(_root.RootDer) + TestCa.Pem(next.RootDer);
        TestAuthority issuer = _root;
        _ca.Script = (request, _) =>
        {
            // Half of the validity is 3 s away, so that both nodes soon come again.
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return Task.FromResult<IReadOnlyList<string>?>(
                [TestCa.Pem(issuer.Certify(request.Key, request.Name, now.AddSeconds(-10), now.AddSeconds(16))[0]), joined]);
        };
        TestNode server = await _cluster.StartServerAsync(Settings());
        await _cluster.StartClientAsync(Settings(("POOL_MAX_STREAMS_PER_CONNECTION", "1")));
        using Socket open = await Requests.ConnectAsync(_cluster.Forward(1));
        await open.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(open, 2));

        issuer = next;
        await UntilAsync(async () => (await IssuersAsync(server)).Contains("CN=next mesh"));
        Assert.Equal("hello worldhello world", await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));

        await open.SendAsync(Encoding.ASCII.GetBytes("b"));
        Assert.Equal("bb", await Requests.ReceiveAsync(open, 2));
    }

    private static async Task<IReadOnlyList<string>> IssuersAsync(TestNode node)
    {
        using HttpClient http = new();
        using var dump = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{node.Address}:15000/config_dump")));
        List<string> issuers = [];
        foreach (System.Text.Json.JsonElement entry in dump.RootElement.GetProperty("certificates").EnumerateArray())
        {
            foreach (System.Text.Json.JsonElement certificate in entry.GetProperty("certChain").EnumerateArray())
            {
                string pem = Encoding.ASCII.GetString(Convert.FromBase64String(certificate.GetProperty("pem").GetString()!));
                using X509Certificate2 parsed = X509Certificate2.CreateFromPem(pem);
                issuers.Add(parsed.Issuer);
            }
        }

        return issuers;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private (string, string)[] Settings(params (string, string)[] more) =>
    [
        ("AMBIENT_LOCAL_ROOT", ""),
        ("CA_ADDRESS", _ca.Address.ToString()),
        ("CA_ROOT_CA", Roots),
        ("AUTH_TOKEN", Token),
        .. more,
    ];
}
