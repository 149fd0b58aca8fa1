using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.InProcessTests.Grpc;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Certificates;
using Ambient.Testing.Grpc;
using Ambient.Testing.Xds;
using Ambient.Xds;

namespace Ambient.InProcessTests.Xds;

/// <summary>A whole ztunnel that learns its mesh from a control plane, over TLS and with a token.</summary>
public sealed class ControlPlaneNodeTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("127.83.1.1");
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly string _directory = Directory.CreateTempSubdirectory("ambient-xds-").FullName;

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task It_shows_its_token_waits_for_the_mesh_and_counts_what_it_was_sent()
    {
        await using ScriptedControlPlane plane = await StartPlaneAsync("localhost");
        string token = Path.Combine(_directory, "token");
        await File.WriteAllTextAsync(token, "first\n");
        Task<TestNode> starting = StartNodeAsync(plane, _root, ("AUTH_TOKEN", token), ("XDS_HEADER_x-extra", "more"), ("ISTIO_META_CLUSTER_ID", "c9"), ("ISTIO_METAJSON_BROKEN", "{"));
        ScriptedStream stream = await plane.AcceptAsync();
        await stream.ReadSubscriptionsAsync();
        Assert.Equal(("Bearer first", "c9", "more"), (stream.Call.Header("authorization"), stream.Call.Header("clusterid"), stream.Call.Header("x-extra")));
        Assert.Contains("state manager", await ReadinessAsync(HttpStatusCode.InternalServerError));

        await stream.ExchangeAsync(XdsTypes.Address, [ScriptedStream.Workload("a")]);
        await stream.ExchangeAsync(XdsTypes.Authorization, []);
        await using TestNode node = await starting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("ready\n", await ReadinessAsync(HttpStatusCode.OK));
        await node.Log.WaitForAsync("\twarn\txds::client\tmetadata left out, its value is no JSON\tvariable=\"ISTIO_METAJSON_BROKEN\"");
        Assert.Equal(1, await node.MetricAsync("istio_xds_message_total", XdsTypes.Address));
        Assert.True(await node.MetricAsync("istio_xds_message_bytes_total", XdsTypes.Address) > 0);

        // The last state stays while the control plane is away, and a rotated token is shown next time.
        await File.WriteAllTextAsync(token, "second");
        plane.AbortConnections();
        ScriptedStream next = await plane.AcceptAsync();
        Assert.Equal("Bearer second", next.Call.Header("authorization"));
        Assert.Equal("v1", (await next.ReadAsync()).InitialResourceVersions["a"]);
        Assert.Equal("ready\n", await ReadinessAsync(HttpStatusCode.OK));
        Assert.Equal(1, await node.MetricAsync("istio_xds_connection_terminations_total", "Reconnect"));
    }

    [Fact]
    public async Task A_control_plane_of_another_root_is_not_listened_to()
    {
        using TestAuthority other = TestAuthority.CreateRoot("CN=other");
        await using ScriptedControlPlane plane = await StartPlaneAsync("localhost");
        Task<TestNode> starting = StartNodeAsync(plane, other, ("XDS_ON_DEMAND", "true"), ("ISTIO_META_DNS_CAPTURE", "false"));

        string metrics = await UntilAsync(text => text.Contains("istio_xds_connection_terminations_total{reason=\"ConnectionError\"} 2", StringComparison.Ordinal));

        Assert.DoesNotContain("istio_xds_message_total", metrics);
        Assert.False(starting.IsCompleted);
        await StopAsync(starting);
    }

    [Fact]
    public async Task A_second_name_is_accepted_when_it_was_given()
    {
        await using ScriptedControlPlane plane = await StartPlaneAsync("istiod.elsewhere.svc");
        Task<TestNode> starting = StartNodeAsync(plane, _root, ("ALT_XDS_HOSTNAME", "istiod.elsewhere.svc"));
        ScriptedStream stream = await plane.AcceptAsync();

        await stream.ReadSubscriptionsAsync();
        await stream.ExchangeAsync(XdsTypes.Address, []);
        await stream.ExchangeAsync(XdsTypes.Authorization, [ScriptedStream.Policy(new Ambient.Xds.Messages.Authorization { Namespace = "a", Name = "b" })]);
        await using TestNode node = await starting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<ScriptedControlPlane> StartPlaneAsync(string name)
    {
        X509Certificate2 certificate = GrpcRig.ServerCertificate(_root, name);
        return ScriptedControlPlane.StartAsync(new GrpcTestServerOptions { Certificate = certificate });
    }

    private Task<TestNode> StartNodeAsync(ScriptedControlPlane plane, TestAuthority root, params (string, string)[] more) => Task.Run(() => TestNode.StartAsync(
        Address,
        [
            ("PROXY_MODE", "dedicated"),
            ("PROXY_WORKLOAD_INFO", "shop/pod/account"),
            ("XDS_ADDRESS", $"https://localhost:{plane.Address.Port}"),
            ("XDS_ROOT_CA", PemEncoding.WriteString("CERTIFICATE", root.RootDer)),
            ("AMBIENT_LOCAL_ROOT", Path.Combine(_directory, "root")),
            ("ENABLE_ORIG_SRC", "false"),
            ("AMBIENT_OUTBOUND_ADDRESS", $"{Address}:15001"),
            ("AMBIENT_INBOUND_ADDRESS", $"{Address}:15008"),
            ("AMBIENT_INBOUND_PLAINTEXT_ADDRESS", $"{Address}:15006"),
            ("AMBIENT_ADMIN_ADDRESS", $"{Address}:15000"),
            ("AMBIENT_STATS_ADDRESS", $"{Address}:15020"),
            ("AMBIENT_READINESS_ADDRESS", $"{Address}:15021"),
            .. more,
        ]));

    private static async Task<string> ReadinessAsync(HttpStatusCode expected)
    {
        using HttpClient http = new();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{Address}:15021/healthz/ready"));
                Assert.Equal(expected, answer.StatusCode);
                return await answer.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                // The page is there a moment after the first request to the control plane.
                await Task.Delay(50);
            }
        }
    }

    private static async Task<string> UntilAsync(Func<string, bool> isReached)
    {
        using HttpClient http = new();
        string text = "";
        for (int attempt = 0; attempt < 400; attempt++)
        {
            try
            {
                text = await http.GetStringAsync(new Uri($"http://{Address}:15020/metrics"));
                if (isReached(text))
                {
                    return text;
                }
            }
            catch (HttpRequestException)
            {
                text = "not served yet";
            }

            await Task.Delay(25);
        }

        throw new TimeoutException(text);
    }

    /// <summary>Asks the waiting program to stop, by its admin page.</summary>
    private static async Task StopAsync(Task<TestNode> starting)
    {
        using HttpClient http = new();
        using HttpResponseMessage answer = await http.PostAsync(new Uri($"http://{Address}:15000/quitquitquit"), null);
        await using TestNode node = await starting.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
