using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Ztunnel.Admin;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>Start, stop and drain (node-proxy 10, 11.2).</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(15001)]
    [InlineData(15006)]
    [InlineData(15008)]
    [InlineData(15000)]
    [InlineData(15020)]
    [InlineData(15021)]
    public async Task An_occupied_port_is_a_start_error_that_names_it(int port)
    {
        using TcpListener occupant = new(_cluster.ServerAddress, port);
        occupant.Start();

        StartException error = await Assert.ThrowsAsync<StartException>(() => _cluster.StartServerAsync());

        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quit_page_asks_the_program_to_stop_and_new_connections_are_refused_after_it()
    {
        TestNode server = await _cluster.StartServerAsync();
        using HttpClient http = new();

        using HttpResponseMessage answer = await http.PostAsync(new Uri($"http://{server.Address}:15000/quitquitquit"), null);
        await server.App.StopAsked.WaitAsync(TimeSpan.FromSeconds(5));
        await server.StopAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAsync<SocketException>(() => Requests.ConnectAsync(new IPEndPoint(server.Address, 15008)));
    }

    [Fact]
    public async Task A_drain_waits_for_open_connections_and_ends_when_the_last_one_does()
    {
        _cluster.StartServerApplication();
        await _cluster.StartServerAsync();
        TestNode client = await _cluster.StartClientAsync(("CONNECTION_TERMINATION_DEADLINE", "60s"));
        using Socket open = await Requests.ConnectAsync(_cluster.Forward(1));
        await open.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(open, 2));

        Task stopping = client.StopAsync();
        await client.Log.WaitForAsync("draining");
        await open.SendAsync(Encoding.ASCII.GetBytes("b"));
        Assert.Equal("bb", await Requests.ReceiveAsync(open, 2));
        Assert.False(stopping.IsCompleted);
        open.Shutdown(SocketShutdown.Send);

        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.DoesNotContain("drain\"", await client.Log.WaitForAsync("connection complete"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_drain_lets_open_streams_go_on_and_cuts_them_at_the_deadline()
    {
        _cluster.StartServerApplication();
        TestNode server = await _cluster.StartServerAsync(("CONNECTION_TERMINATION_DEADLINE", "1s"));
        await _cluster.StartClientAsync();
        using Socket open = await Requests.ConnectAsync(_cluster.Forward(1));
        await open.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(open, 2));

        Task stopping = server.StopAsync();
        await open.SendAsync(Encoding.ASCII.GetBytes("b"));
        Assert.Equal("bb", await Requests.ReceiveAsync(open, 2));
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(await Requests.IsCutAsync(open));
        string line = await server.Log.WaitForAsync("connection complete");
        Assert.Contains("error=\"connection closed due to connection drain\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_is_there_once_the_listeners_are()
    {
        TestNode server = await _cluster.StartServerAsync();
        using HttpClient http = new();

        Assert.Equal("ready\n", await http.GetStringAsync(new Uri($"http://{server.Address}:15021/healthz/ready")));
    }

    [Fact]
    public async Task The_dump_shows_the_live_connection_the_mesh_and_the_certificate_without_its_key()
    {
        _cluster.StartServerApplication();
        TestNode server = await _cluster.StartServerAsync();
        await _cluster.StartClientAsync();
        using Socket open = await Requests.ConnectAsync(_cluster.Forward(1));
        await open.SendAsync(Encoding.ASCII.GetBytes("a"));
        Assert.Equal("aa", await Requests.ReceiveAsync(open, 2));
        using HttpClient http = new();

        string dump = await http.GetStringAsync(new Uri($"http://{server.Address}:15000/config_dump"));

        Assert.Contains($"\"actualDst\": \"{_cluster.ServerAddress}:8080\"", dump, StringComparison.Ordinal);
        Assert.Contains("\"uid\": \"c//Pod/shop/server\"", dump, StringComparison.Ordinal);
        Assert.Contains("\"identity\": \"spiffe://cluster.local/ns/shop/sa/server\"", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", dump, StringComparison.Ordinal);
    }
}
