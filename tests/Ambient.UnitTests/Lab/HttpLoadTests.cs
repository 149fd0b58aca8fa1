using System.Net;
using System.Net.Sockets;
using Ambient.Lab;
using Ambient.Lab.Benchmarking.Load;

namespace Ambient.UnitTests.Lab;

/// <summary>The load client against servers on loopback that behave, and that do not.</summary>
public sealed class HttpLoadTests : IDisposable
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(200);

    /// <summary>More than the counted operations take on a busy machine: the count ends the load.</summary>
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ended = new(TimeSpan.FromSeconds(30));
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _accepted;

    public HttpLoadTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(100);
    }

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    [Fact]
    public async Task Requests_share_the_connections_that_are_open()
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", closes: false);

        HttpLoadResult result = await RunAsync(HttpLoadMode.KeepAlive, spec => spec with { Connections = 9, MaxOperations = 90, Duration = Ample });

        Assert.Equal((200, 0L, ""), (result.Status, result.Errors, result.FirstError));
        Assert.Equal(9, Volatile.Read(ref _accepted));
        Assert.Equal(90, result.Operations);
        Assert.InRange(result.AllOperations, 90, long.MaxValue);
        Assert.InRange(result.P50Microseconds, 1, result.P99Microseconds);
    }

    [Fact]
    public async Task Every_new_connection_is_one_at_the_server()
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", closes: true);

        HttpLoadResult result = await RunAsync(HttpLoadMode.NewConnections, spec => spec with { Connections = 2, MaxOperations = 20, Duration = Ample });

        Assert.Equal((20L, 0L), (result.Operations, result.Errors));
        Assert.Equal(result.AllOperations, Volatile.Read(ref _accepted));
    }

    [Fact]
    public async Task The_time_ends_it_before_the_count_does()
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", closes: false);

        HttpLoadResult result = await RunAsync(HttpLoadMode.KeepAlive, spec => spec);

        Assert.Equal(Brief.TotalSeconds, result.Seconds, 3);
        Assert.Equal(0, result.Errors);
    }

    [Fact]
    public async Task A_server_that_says_nothing_does_not_hold_it()
    {
        HttpLoadResult result = await RunAsync(HttpLoadMode.KeepAlive, spec => spec);

        Assert.Equal((0L, 1L, "no answer in time"), (result.Operations, result.Errors, result.FirstError));
    }

    [Fact]
    public async Task A_refused_connection_is_an_error()
    {
        var target = (IPEndPoint)_listener.LocalEndPoint!;
        _listener.Dispose();

        HttpLoadResult result = await HttpLoad.RunAsync(new HttpLoadSpec(target, HttpLoadMode.KeepAlive) { Duration = Brief, WarmUp = TimeSpan.Zero }, _ended.Token);

        Assert.Equal(0, result.Status);
        Assert.InRange(result.Errors, 1, 100);
        Assert.Contains("refused", result.FirstError, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Another_status_than_the_first_is_an_error()
    {
        int answers = 0;
        Serve(() => Interlocked.Increment(ref answers) == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", closes: false);

        HttpLoadResult result = await RunAsync(HttpLoadMode.KeepAlive, spec => spec with { Duration = TimeSpan.FromSeconds(2) });

        Assert.Equal((200, "HTTP status 500 after 200"), (result.Status, result.FirstError));
        Assert.InRange(result.Errors, 1, 100);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(HttpLoadSpec.MaxConnections + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, HttpLoadSpec.MaxSeconds + 1)]
    public async Task What_is_out_of_bounds_is_refused(int connections, int seconds)
    {
        LabException refusal = await Assert.ThrowsAsync<LabException>(() =>
            RunAsync(HttpLoadMode.KeepAlive, spec => spec with { Connections = connections, Duration = TimeSpan.FromSeconds(seconds) }));

        Assert.Contains("cannot be run", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_survives_the_way_out_of_the_pod()
    {
        var result = new HttpLoadResult(10, 1.5, 12, 100.5, 200.25, 200, 1, "the connection broke");

        Assert.Equal(result, HttpLoadJson.Read(HttpLoadJson.Write(result)));
        Assert.Null(HttpLoadJson.Read("Unhandled exception."));
    }

    private Task<HttpLoadResult> RunAsync(HttpLoadMode mode, Func<HttpLoadSpec, HttpLoadSpec> change) => HttpLoad.RunAsync(
        change(new HttpLoadSpec((IPEndPoint)_listener.LocalEndPoint!, mode) { Duration = Brief, WarmUp = TimeSpan.FromMilliseconds(50) }), _ended.Token);

    private void Serve(string answer, bool closes) => Serve(() => answer, closes);

    private void Serve(Func<string> answer, bool closes) => _ = AcceptAsync(answer, closes);

    private async Task AcceptAsync(Func<string> answer, bool closes)
    {
        while (!_ended.IsCancellationRequested)
        {
            Socket connection = await _listener.AcceptAsync(_ended.Token);
            Interlocked.Increment(ref _accepted);
            _ = AnswerAsync(connection, answer, closes);
        }
    }

    private async Task AnswerAsync(Socket connection, Func<string> answer, bool closes)
    {
        using (connection)
        {
            byte[] buffer = new byte[4096];
            while (await connection.ReceiveAsync(buffer, _ended.Token) > 0)
            {
                await connection.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer()), _ended.Token);
                if (closes)
                {
                    return;
                }
            }
        }
    }
}
