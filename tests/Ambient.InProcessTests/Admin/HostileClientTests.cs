using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Ztunnel.Admin;

namespace Ambient.InProcessTests.Admin;

public sealed class HostileClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private RunningListeners _listeners = null!;

    public async Task InitializeAsync() => _listeners = await RunningListeners.StartAsync();

    public async Task DisposeAsync() => await _listeners.DisposeAsync();

    [Theory]
    [InlineData("admin")]
    [InlineData("stats")]
    [InlineData("ready")]
    public async Task Closes_a_connection_whose_header_does_not_end(string listener)
    {
        string? answer = await RunningListeners.SendRawAsync(Of(listener), "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", Patience);

        Assert.NotNull(answer);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("stats")]
    [InlineData("ready")]
    public async Task Refuses_a_header_over_the_limit(string listener)
    {
        string header = new('h', HttpEndpoint.MaxHeaderBytes);
        string? answer = await RunningListeners.SendRawAsync(Of(listener), $"GET / HTTP/1.1\r\nHost: x\r\nX-Huge: {header}\r\n\r\n", Patience);

        Assert.NotNull(answer);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 431 ", StringComparison.Ordinal), answer);
    }

    [Theory]
    [InlineData("GET /" + "%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("G@T / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("POST /logging HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Refuses_broken_requests_and_serves_the_next(string request)
    {
        foreach (string listener in new[] { "admin", "stats", "ready" })
        {
            string? answer = await RunningListeners.SendRawAsync(Of(listener), request, Patience);
            Assert.NotNull(answer);
            Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
            await AssertServesAsync();
        }
    }

    [Fact]
    public async Task Refuses_a_body_over_the_limit_without_reading_it()
    {
        string? answer = await RunningListeners.SendRawAsync(
            _listeners.Admin,
            $"POST /logging HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {HttpEndpoint.MaxBodyBytes + 1}\r\n\r\n",
            Patience);

        Assert.NotNull(answer);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public async Task Answers_unknown_methods_without_acting(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_listeners.Admin, "quitquitquit"));
        using HttpResponseMessage answer = await _listeners.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.False(_listeners.ShutdownAsked.IsCompleted);
    }

    [Fact]
    public async Task Bounds_the_connections_of_each_listener_and_keeps_the_others_reachable()
    {
        var sockets = new List<Socket>();
        try
        {
            for (int count = 0; count < HttpEndpoint.MaxConnections + 50; count++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _listeners.Stats.Port));
                await socket.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n"u8.ToArray());
            }

            using HttpResponseMessage admin = await _listeners.Client.GetAsync(_listeners.Admin);
            Assert.Equal(HttpStatusCode.OK, admin.StatusCode);
            using HttpResponseMessage ready = await _listeners.Client.GetAsync(new Uri(_listeners.Ready, "healthz/ready"));
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        await AssertServesAsync();
    }

    [Fact]
    public async Task Survives_clients_that_go_away_in_the_middle()
    {
        foreach (int cut in Enumerable.Range(1, 40))
        {
            byte[] request = Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: somewhere\r\n\r\n");
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _listeners.Stats.Port));
            await socket.SendAsync(request.AsMemory(0, Math.Min(cut, request.Length)));
        }

        await AssertServesAsync();
    }

    private Uri Of(string listener) => listener switch
    {
        "admin" => _listeners.Admin,
        "stats" => _listeners.Stats,
        _ => _listeners.Ready,
    };

    /// <summary>A listener that is full refuses until it noticed that clients left; that must not take long.</summary>
    private async Task AssertServesAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        foreach (Uri uri in new[] { _listeners.Admin, new Uri(_listeners.Stats, "metrics"), new Uri(_listeners.Ready, "healthz/ready") })
        {
            while (await StatusAsync(uri, limit.Token) != HttpStatusCode.OK)
            {
                limit.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<HttpStatusCode?> StatusAsync(Uri uri, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await _listeners.Client.GetAsync(uri, cancellation);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
