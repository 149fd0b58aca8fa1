using System.IO.Compression;
using System.Net;
using Ambient.Ztunnel.Admin;

namespace Ambient.InProcessTests.Admin;

public sealed class StatsAndReadinessTests : IAsyncLifetime
{
    private RunningListeners _listeners = null!;

    public async Task InitializeAsync() => _listeners = await RunningListeners.StartAsync();

    public async Task DisposeAsync() => await _listeners.DisposeAsync();

    [Theory]
    [InlineData("metrics")]
    [InlineData("stats/prometheus")]
    public async Task Serves_the_same_text_in_both_content_types(string path)
    {
        using HttpResponseMessage plain = await GetAsync(path);
        using HttpResponseMessage open = await GetAsync(path, ("Accept", "application/openmetrics-text;version=1.0.0,text/plain"));

        Assert.Equal("text/plain; charset=utf-8", plain.Content.Headers.ContentType!.ToString());
        Assert.Equal("application/openmetrics-text;charset=utf-8;version=1.0.0", open.Content.Headers.NonValidated["Content-Type"].Single());
        string text = await plain.Content.ReadAsStringAsync();
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Equal(text, await open.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Compresses_for_those_who_accept_it()
    {
        using HttpResponseMessage answer = await GetAsync("metrics", ("Accept-Encoding", "gzip"));
        using var stream = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);

        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.EndsWith("# EOF\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serves_metrics_to_any_method_and_nothing_elsewhere()
    {
        using HttpResponseMessage post = await _listeners.Client.PostAsync(new Uri(_listeners.Stats, "metrics"), null);
        using HttpResponseMessage other = await GetAsync("");

        Assert.Equal(HttpStatusCode.OK, post.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Names_what_start_up_waits_for()
    {
        _listeners.Readiness.Add(ReadinessTasks.StateTask);
        _listeners.Readiness.Add(ReadinessTasks.ProxyTask);
        Assert.Equal((HttpStatusCode.InternalServerError, "not ready, pending: proxy, state manager\n"), await ReadyAsync("healthz/ready"));

        _listeners.Readiness.Clear(ReadinessTasks.StateTask);
        _listeners.Readiness.Clear(ReadinessTasks.ProxyTask);
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await ReadyAsync("healthz/ready"));
        Assert.Equal(HttpStatusCode.NotFound, (await ReadyAsync("healthz")).Status);
        using HttpResponseMessage post = await _listeners.Client.PostAsync(new Uri(_listeners.Ready, "healthz/ready"), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string Text)> ReadyAsync(string path)
    {
        using HttpResponseMessage answer = await _listeners.Client.GetAsync(new Uri(_listeners.Ready, path));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_listeners.Stats, path));
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _listeners.Client.SendAsync(request);
    }
}
