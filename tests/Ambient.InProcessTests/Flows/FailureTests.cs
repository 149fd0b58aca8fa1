using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Flows;

namespace Ambient.InProcessTests.Flows;

/// <summary>A failed connection says how far it came, who made it fail, why, and what to do: in the log and at /debug/failures.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();
    private ScriptedPeer? _peer;
    private TestNode _client = null!;

    public async Task InitializeAsync() => _client = await _rig.StartNodeAsync(
        1,
        "client",
        "workloads:\n" + _rig.Workload(1, "client") + _rig.Workload(2, "server") + "services: []\n",
        [new IPEndPoint(_rig.Host(2), 8080), new IPEndPoint(IPAddress.Loopback, 15008)]);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_port_15008_that_drops_is_told_apart_as_a_network_policy()
    {
        // A listener whose queue is full drops SYNs as a NetworkPolicy does.
        using Socket full = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(_rig.Host(2), 15008));
        full.Listen(0);
        using Socket first = await Requests.ConnectAsync(new IPEndPoint(_rig.Host(2), 15008));

        JsonElement failure = await FailAsync();

        Assert.Equal(("Connect", "Upstream", "NetworkPolicy", "NETWORK_POLICY"), Of(failure));
        Assert.StartsWith("connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008", failure.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("Allow TCP 15008", failure.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.InRange(failure.GetProperty("durationMs").GetInt64(), 9_000, 30_000);
    }

    [Fact]
    public async Task A_port_15008_that_nobody_listens_on_is_told_apart_as_refused()
    {
        JsonElement failure = await FailAsync();

        Assert.Equal(("Connect", "Upstream", "Refused", "CONNECT"), Of(failure));
        Assert.Contains("nothing listens on its HBONE port", failure.GetProperty("hint").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_is_no_mesh_proxy_is_told_apart_as_a_TLS_refusal()
    {
        Application http = _rig.StartApplication(2, 15008, banner: "HTTP/1.1 400 Bad Request\r\n\r\n");

        JsonElement failure = await FailAsync();

        Assert.Equal(("TlsHandshake", "Upstream", "TlsProtocol", "TLS_FAILURE"), Of(failure));
        Assert.Contains("Something other than a mesh proxy uses this port", failure.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(http.Callers);
    }

    [Fact]
    public async Task A_peer_that_hangs_up_in_the_handshake_is_a_TLS_failure_and_not_one_to_connect()
    {
        using TcpListener listener = new(_rig.Host(2), 15008);
        listener.Start();
        Task<JsonElement> failing = FailAsync();
        using (Socket accepted = await listener.AcceptSocketAsync())
        {
            await accepted.ReceiveAsync(new byte[16 * 1024]);
        }

        JsonElement failure = await failing;

        Assert.Equal(("TlsHandshake", "Upstream", "Reset", "TLS_FAILURE"), Of(failure));
        Assert.StartsWith("tls error: the peer closed the connection during the handshake", failure.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_with_another_identity_is_told_apart_as_a_mismatch_that_names_both()
    {
        _peer = await _rig.StartPeerAsync(2, "stranger");

        JsonElement failure = await FailAsync();

        Assert.Equal(("TlsHandshake", "Upstream", "IdentityMismatch", "TLS_FAILURE"), Of(failure));
        Assert.Contains("stranger, expected spiffe://cluster.local/ns/shop/sa/server", failure.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "authorization policy of the destination refuses this identity")]
    [InlineData(503, "could not reach the application")]
    [InlineData(400, "views of the mesh on the two nodes differ")]
    [InlineData(418, "not a ztunnel or waypoint of this mesh")]
    public async Task A_refusal_by_the_peer_is_told_apart_by_its_status(int status, string hint)
    {
        _peer = await _rig.StartPeerAsync(2, "server");
        _peer.Status = status;

        JsonElement failure = await FailAsync();

        Assert.Equal(("TunnelOpen", "Upstream", "HttpStatus", "CONNECT"), Of(failure));
        Assert.Equal($"http status: {status}", failure.GetProperty("error").GetString());
        Assert.Contains(hint, failure.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal("shop/client", failure.GetProperty("pod").GetString());
        Assert.Equal("shop/server", failure.GetProperty("destination").GetProperty("workload").GetString());
        Assert.Equal($"{_rig.Host(2)}:8080", failure.GetProperty("destination").GetProperty("hbone").GetString());
    }

    [Fact]
    public async Task A_tunnel_that_is_cut_after_it_was_open_is_told_apart_with_what_had_passed()
    {
        _peer = await _rig.StartPeerAsync(2, "server");
        _rig.StartApplication(2);
        _peer.RelayTo = new IPEndPoint(_rig.Host(2), 8080);
        using Socket socket = await Requests.ConnectAsync(_rig.Forward(1, 1));
        await socket.SendAsync(Encoding.ASCII.GetBytes("abc"));
        Assert.Equal("abcabc", await Requests.ReceiveAsync(socket, 6));

        await _peer.CutAsync();

        await _client.Log.WaitForAsync("connection complete", "error=");
        JsonElement failure = Assert.Single(await FailuresAsync());
        Assert.Equal("Copy", failure.GetProperty("phase").GetString());
        Assert.Equal("Upstream", failure.GetProperty("side").GetString());
        Assert.False(string.IsNullOrEmpty(failure.GetProperty("hint").GetString()));
        Assert.Equal((3, 6), (failure.GetProperty("bytesToUpstream").GetInt64(), failure.GetProperty("bytesToDownstream").GetInt64()));
    }

    [Fact]
    public async Task The_page_keeps_the_last_hundred_newest_first_and_filters_by_pod_peer_and_reason()
    {
        for (int i = 0; i < 103; i++)
        {
            Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 2), "x"));
        }

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), "x"));
        await _client.Log.WaitForAsync("connection complete", "error=");

        JsonElement page = await PageAsync("");
        Assert.Equal(104, page.GetProperty("total").GetInt64());
        JsonElement[] failures = [.. page.GetProperty("failures").EnumerateArray()];
        Assert.Equal(Enumerable.Range(5, 100).Reverse().Select(number => (long)number), failures.Select(failure => failure.GetProperty("number").GetInt64()));
        Assert.Equal("Refused", failures[0].GetProperty("reason").GetString());
        Assert.Equal(("Route", "Downstream", "SelfCall", "CONNECT"), Of(failures[1]));
        Assert.Single(await FailuresAsync("?reason=refused"));
        Assert.Single(await FailuresAsync($"?peer={_rig.Host(2)}"));
        Assert.Single(await FailuresAsync("?peer=shop/server"));
        Assert.Equal(100, (await FailuresAsync("?pod=shop/client")).Length);
        Assert.Empty(await FailuresAsync("?pod=other"));
        using HttpClient http = new();
        using HttpResponseMessage unknown = await http.GetAsync(new Uri($"http://{_rig.Host(1)}:15000/debug/failures?since=1"));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("/debug/failures", await http.GetStringAsync(new Uri($"http://{_rig.Host(1)}:15000/")), StringComparison.Ordinal);
    }

    private static (string?, string?, string?, string?) Of(JsonElement failure) => (
        failure.GetProperty("phase").GetString(),
        failure.GetProperty("side").GetString(),
        failure.GetProperty("reason").GetString(),
        failure.GetProperty("responseFlag").GetString());

    /// <summary>One connection to the server, which must fail; what the page says of it, after the log has said the same.</summary>
    private async Task<JsonElement> FailAsync()
    {
        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));
        string line = await _client.Log.WaitForAsync("connection complete", "error=");
        JsonElement failure = Assert.Single(await FailuresAsync());
        foreach (string part in new[] { "phase", "side", "reason" })
        {
            Assert.Contains($"error.{part}=\"{failure.GetProperty(part).GetString()}\"", line, StringComparison.Ordinal);
        }

        return failure;
    }

    private async Task<JsonElement[]> FailuresAsync(string query = "") => [.. (await PageAsync(query)).GetProperty("failures").EnumerateArray()];

    private async Task<JsonElement> PageAsync(string query)
    {
        using HttpClient http = new();
        string text = await http.GetStringAsync(new Uri($"http://{_rig.Host(1)}:15000/debug/failures{query}"));
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
