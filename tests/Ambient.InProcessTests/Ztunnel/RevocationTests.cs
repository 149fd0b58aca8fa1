using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Ambient.Testing.Certs;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>node-proxy 11.1 crl_*: a revoked peer is refused by either side, and a live connection to it ends within 10 s.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TestCluster _cluster = new();
    private readonly TemporaryDirectory _directory = new();

    private string List => _directory["ca-crl.pem"];

    public Task InitializeAsync()
    {
        _cluster.StartServerApplication();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_accepting_side_ends_a_live_connection_of_a_revoked_client_and_refuses_its_next()
    {
        TestNode server = await _cluster.StartServerAsync(("CRL_PATH", List));
        TestNode client = await _cluster.StartClientAsync();
        using Socket open = await OpenAsync();

        Revoke(await SerialAsync(client, "client"));

        Assert.True(await Requests.IsCutAsync(open).WaitAsync(Patience));
        Assert.True(await server.MetricAsync("istio_crl_policy_rejections_total", "reporter=\"destination\"") >= 1);
        string line = await server.Log.WaitForAsync("connection complete", "direction=\"inbound\"");
        Assert.Contains("connection closed: peer certificate revoked by CRL", line, StringComparison.Ordinal);
        Assert.True(await server.MetricAsync("istio_tcp_connections_failed_total", "response_flags=\"CERT_REVOKED\"") >= 1);

        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
        await server.Log.WaitForAsync("connection failed", "revoked by CRL");
        Assert.True(await server.MetricAsync("istio_crl_policy_rejections_total", "reporter=\"destination\"") >= 2);
        Assert.Equal(0, await server.MetricAsync("istio_crl_policy_rejections_total", "reporter=\"source\""));
    }

    [Fact]
    public async Task The_connecting_side_ends_a_live_connection_to_a_revoked_server_and_refuses_the_next()
    {
        TestNode server = await _cluster.StartServerAsync();
        TestNode client = await _cluster.StartClientAsync(("CRL_PATH", List));
        using Socket open = await OpenAsync();

        Revoke(await SerialAsync(server, "server"));

        Assert.True(await Requests.IsCutAsync(open).WaitAsync(Patience));
        Assert.True(await client.MetricAsync("istio_crl_policy_rejections_total", "reporter=\"source\"") >= 1);
        await client.Log.WaitForAsync("connection complete", "direction=\"outbound\"", "connection closed: peer certificate revoked by CRL");

        Assert.Empty(await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));
        Assert.True(await client.MetricAsync("istio_crl_policy_rejections_total", "reporter=\"source\"") >= 2);
        Assert.True(await client.MetricAsync("istio_tcp_connections_failed_total", "response_flags=\"CERT_REVOKED\"") >= 2);
    }

    [Fact]
    public async Task A_missing_list_an_empty_one_an_invalid_one_and_one_about_others_leave_traffic_alone()
    {
        TestNode server = await _cluster.StartServerAsync(("CRL_PATH", List));
        await _cluster.StartClientAsync(("CRL_PATH", List));
        await server.Log.WaitForAsync("no revocation lists yet");
        using Socket open = await OpenAsync();

        await File.WriteAllTextAsync(List, "");
        await server.Log.WaitForAsync("revocation lists in force", "lists=0");
        Replace("garbage");
        await server.Log.WaitForAsync("revocation lists refused, the last good ones stay in force");
        Revoke([0x42]);
        await server.Log.WaitForAsync("revocation lists in force", "lists=1", "connectionsEnded=0");

        await open.SendAsync(Encoding.ASCII.GetBytes("b"));
        Assert.Equal("bb", await Requests.ReceiveAsync(open, 2));
        Assert.Equal(0, await server.MetricAsync("istio_crl_policy_rejections_total"));
        Assert.Equal(0, await server.MetricAsync("istio_crl_untracked_connections_total"));
        Assert.Equal(1, await server.MetricAsync("ambient_crl_revoked_certificates"));
    }

    private async Task<Socket> OpenAsync()
    {
        Socket open = await Requests.ConnectAsync(_cluster.Forward(1));
        await open.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(open, 2));
        return open;
    }

    private static async Task<byte[]> SerialAsync(TestNode node, string account)
    {
        using HttpClient http = new();
        using JsonDocument dump = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{node.Address}:15000/config_dump")));
        JsonElement entry = dump.RootElement.GetProperty("certificates").EnumerateArray()
            .Single(element => element.GetProperty("identity").GetString()!.EndsWith("/" + account, StringComparison.Ordinal));
        string pem = Encoding.ASCII.GetString(Convert.FromBase64String(entry.GetProperty("certChain")[0].GetProperty("pem").GetString()!));
        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(pem);
        return leaf.SerialNumberBytes.ToArray();
    }

    /// <summary>Writes the list of the cluster's root, which names this serial number.</summary>
    private void Revoke(byte[] serial)
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPemFile(_cluster.RootFile("root-cert.pem"), _cluster.RootFile("root-key.pem"));
        using ECDsa key = root.GetECDsaPrivateKey()!;
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry(serial);
        byte[] list = builder.Build(
            root.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            crlNumber: 1,
            TimeProvider.System.GetUtcNow().AddDays(1),
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        Replace(PemEncoding.WriteString("X509 CRL", list));
    }

    private void Replace(string content)
    {
        File.WriteAllText(List + ".next", content);
        File.Move(List + ".next", List, overwrite: true);
    }
}
