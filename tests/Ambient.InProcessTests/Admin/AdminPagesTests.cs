using System.Net;
using System.Text.Json;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.InProcessTests.Admin;

public sealed class AdminPagesTests : IAsyncLifetime
{
    private RunningListeners _listeners = null!;

    public async Task InitializeAsync() => _listeners = await RunningListeners.StartAsync();

    public async Task DisposeAsync() => await _listeners.DisposeAsync();

    [Fact]
    public async Task Shows_a_dashboard_with_escaped_settings()
    {
        using HttpResponseMessage answer = await _listeners.Client.GetAsync(_listeners.Admin);
        string page = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("<h1>ztunnel</h1>", page, StringComparison.Ordinal);
        Assert.Contains("a/&lt;b&gt;/c", page, StringComparison.Ordinal);
        Assert.DoesNotContain("a/<b>/c", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dumps_the_configuration_as_json()
    {
        using HttpResponseMessage answer = await _listeners.Client.GetAsync(new Uri(_listeners.Admin, "config_dump"));

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
        using JsonDocument dump = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("1.0", dump.RootElement.GetProperty("version").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Changes_the_log_level_while_running()
    {
        Assert.Equal("current log level is hickory_server::server=off,info\n", await PostAsync("logging"));
        Assert.Equal("current log level is hickory_server::server=off,access=debug,info\n", await PostAsync("logging?level=access=debug"));
        Assert.True(_listeners.Loggers.CreateLogger("access").IsEnabled(LogLevel.Debug));
        Assert.Equal("current log level is hickory_server::server=off,access=debug,warn\n", await PostAsync("logging?level=warn"));
        Assert.Equal("current log level is hickory_server::server=off,error\n", await PostAsync("logging?reset&level=error"));
        Assert.Equal("current log level is hickory_server::server=off,info\n", await PostAsync("logging?reset"));
    }

    [Theory]
    [InlineData("logging?level=loud", HttpStatusCode.BadRequest, "Invalid level provided: 'loud' is not LEVEL")]
    [InlineData("logging?level=", HttpStatusCode.BadRequest, "Invalid level provided: ")]
    [InlineData("logging?level=info,", HttpStatusCode.BadRequest, "Invalid level provided: ")]
    [InlineData("logging?colour=red", HttpStatusCode.BadRequest, "Invalid query parameter: colour")]
    public async Task Refuses_levels_that_are_none_with_help(string path, HttpStatusCode status, string start)
    {
        using HttpResponseMessage answer = await _listeners.Client.PostAsync(new Uri(_listeners.Admin, path), null);
        string text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(status, answer.StatusCode);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.Contains("usage: POST /logging", text, StringComparison.Ordinal);
        Assert.Equal("hickory_server::server=off,info", _listeners.Loggers.Filter.ToString());
    }

    [Theory]
    [InlineData("logging")]
    [InlineData("quitquitquit")]
    public async Task Changes_nothing_on_a_get(string path)
    {
        using HttpResponseMessage answer = await _listeners.Client.GetAsync(new Uri(_listeners.Admin, path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.False(_listeners.ShutdownAsked.IsCompleted);
    }

    [Fact]
    public async Task Asks_for_the_shutdown_after_answering()
    {
        Assert.Equal("shutdown now\n", await PostAsync("quitquitquit"));
        await _listeners.ShutdownAsked.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.NotFound)]
    [InlineData("config_dump/", HttpStatusCode.NotFound)]
    [InlineData("debug/pprof/profile?seconds=1", HttpStatusCode.NotImplemented)]
    [InlineData("debug/pprof/profile?seconds=300&frequency=1000", HttpStatusCode.NotImplemented)]
    [InlineData("debug/pprof/profile?seconds=0", HttpStatusCode.BadRequest)]
    [InlineData("debug/pprof/profile?seconds=301", HttpStatusCode.BadRequest)]
    [InlineData("debug/pprof/profile?frequency=1001", HttpStatusCode.BadRequest)]
    [InlineData("debug/pprof/profile?frequency=x", HttpStatusCode.BadRequest)]
    [InlineData("debug/pprof/heap", HttpStatusCode.InternalServerError)]
    [InlineData("debug/pprof/heap/profiling?activate=true", HttpStatusCode.InternalServerError)]
    [InlineData("debug/pprof/threads", HttpStatusCode.NotFound)]
    public async Task Answers_other_paths_clearly(string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await _listeners.Client.GetAsync(new Uri(_listeners.Admin, path));
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("debug/pprof/profile?seconds=7", "perf record", "sleep 7")]
    [InlineData("debug/pprof/heap", "dotnet-gcdump collect -p ", "managed heap bytes: ")]
    public async Task Names_the_tool_where_there_is_no_profiler(string path, string tool, string more)
    {
        using HttpResponseMessage answer = await _listeners.Client.GetAsync(new Uri(_listeners.Admin, path));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Contains(tool, text, StringComparison.Ordinal);
        Assert.Contains(more, text, StringComparison.Ordinal);
        Assert.Contains($"-p {Environment.ProcessId}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explains_a_taken_port_and_leaves_no_listener_behind()
    {
        int taken = _listeners.Stats.Port;
        StartException failure = await Assert.ThrowsAsync<StartException>(() => RunningListeners.StartAsync(new AdminOptions(
            BindAddress.Localhost(0), new BindAddress(BindScope.Address, IPAddress.Loopback, taken), BindAddress.Localhost(0), true)));

        Assert.Equal(
            $"cannot listen on 127.0.0.1:{taken} for metrics: the port is taken. See who has it with: ss -ltnp 'sport = :{taken}'; "
            + "or choose another address with --stats-address",
            failure.Message);
    }

    [Fact]
    public async Task Explains_an_address_that_is_not_ours()
    {
        StartException failure = await Assert.ThrowsAsync<StartException>(() => RunningListeners.StartAsync(new AdminOptions(
            new BindAddress(BindScope.Address, IPAddress.Parse("192.0.2.1"), 1), BindAddress.Localhost(0), BindAddress.Localhost(0), true)));

        Assert.Contains("cannot listen on 192.0.2.1:1 for the admin pages", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--admin-address", failure.Message, StringComparison.Ordinal);
    }

    private async Task<string> PostAsync(string path)
    {
        using HttpResponseMessage answer = await _listeners.Client.PostAsync(new Uri(_listeners.Admin, path), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
