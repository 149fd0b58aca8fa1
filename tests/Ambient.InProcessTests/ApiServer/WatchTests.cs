using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>Watches by plain HTTP, line by line.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private static readonly ServedKind Pods = BuiltInKinds.All.Single(kind => kind.Plural == "pods");

    private readonly HttpClient _client = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private ApiServerHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions { Limits = new ObjectStorageLimits { MaxHistory = 100, MaxUnreadChanges = 100 } });
        _client.BaseAddress = _host.Address;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_selector_lets_objects_come_and_go_as_their_labels_change()
    {
        Put("a", "web");
        using StreamReader lines = await WatchAsync("labelSelector=app%3Dweb");
        Assert.Equal("ADDED a", await NextAsync(lines));
        Put("b", "db");
        Put("b", "web");
        Assert.Equal("ADDED b", await NextAsync(lines));
        Put("a", "db");
        Assert.Equal("DELETED a", await NextAsync(lines));
        Remove("a");
        Remove("b");
        Assert.Equal("DELETED b", await NextAsync(lines));
    }

    [Fact]
    public async Task A_removal_is_told_at_its_own_version_so_that_a_watch_from_there_does_not_tell_it_again()
    {
        Put("a", "web");
        using StreamReader lines = await WatchAsync("resourceVersion=1");
        Assert.Equal("ADDED a", await NextAsync(lines));
        Remove("a");
        JsonNode deleted = JsonNode.Parse((await lines.ReadLineAsync(_limit.Token))!)!;
        string version = deleted["object"]!["metadata"]!["resourceVersion"]!.ToString();

        using StreamReader later = await WatchAsync($"resourceVersion={version}");
        Put("b", "web");

        Assert.Equal("ADDED b", await NextAsync(later));
    }

    [Fact]
    public async Task The_end_of_the_first_objects_is_marked_where_that_is_asked_for()
    {
        Put("a", "web");
        using StreamReader lines = await WatchAsync("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal("ADDED a", await NextAsync(lines));
        JsonNode mark = JsonNode.Parse((await lines.ReadLineAsync(_limit.Token))!)!;

        Assert.Equal("BOOKMARK", mark["type"]!.ToString());
        Assert.Equal("true", mark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.ToString());
    }

    [Fact]
    public async Task Every_version_of_a_kind_is_watched_in_its_own_words()
    {
        ServedKind kind = _host.Kinds.Find("security.istio.io", "v1", "peerauthentications")!;
        using StreamReader lines = new(await _client.GetStreamAsync("apis/security.istio.io/v1beta1/peerauthentications?watch=true", _limit.Token));
        _host.Storage.Change(kind, "shop", "a", _ => new JsonObject { ["apiVersion"] = "security.istio.io/v1", ["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "shop" } });

        Assert.Equal("security.istio.io/v1beta1", JsonNode.Parse((await lines.ReadLineAsync(_limit.Token))!)!["object"]!["apiVersion"]!.ToString());
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        using StreamReader lines = await WatchAsync("timeoutSeconds=1");

        Assert.Null(await lines.ReadLineAsync(_limit.Token));
    }

    [Theory]
    [InlineData("resourceVersion=abc", HttpStatusCode.BadRequest)]
    [InlineData("labelSelector=%3D%3D", HttpStatusCode.BadRequest)]
    public async Task A_watch_that_makes_no_sense_is_refused(string query, HttpStatusCode code)
    {
        using HttpResponseMessage response = await _client.GetAsync($"api/v1/pods?watch=true&{query}", _limit.Token);

        Assert.Equal(code, response.StatusCode);
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody_and_loses_its_watch()
    {
        using Socket deaf = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync(_host.Address.Host, _host.Address.Port, _limit.Token);
        await deaf.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/pods?watch=true&resourceVersion=1 HTTP/1.1\r\nHost: x\r\n\r\n"), _limit.Token);
        using StreamReader lines = await WatchAsync("resourceVersion=1");
        string large = new('x', 200_000);

        for (int index = 0; index < 300; index++)
        {
            Put($"p{index}", "web", large);
            Assert.Equal($"ADDED p{index}", await NextAsync(lines));
        }
    }

    [Fact]
    public async Task A_hundred_clients_hear_each_change()
    {
        StreamReader[] watches = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => WatchAsync("resourceVersion=1")));
        for (int index = 0; index < 20; index++)
        {
            Put($"p{index:00}", "web");
        }

        foreach (StreamReader lines in watches)
        {
            for (int index = 0; index < 20; index++)
            {
                Assert.Equal($"ADDED p{index:00}", await NextAsync(lines));
            }

            lines.Dispose();
        }
    }

    private async Task<StreamReader> WatchAsync(string query) => new(await _client.GetStreamAsync($"api/v1/pods?watch=true&{query}", _limit.Token));

    private async Task<string> NextAsync(StreamReader lines)
    {
        JsonNode read = JsonNode.Parse(await lines.ReadLineAsync(_limit.Token) ?? throw new InvalidOperationException("the watch has ended"))!;
        return $"{read["type"]} {read["object"]!["metadata"]!["name"]}";
    }

    private void Put(string name, string app, string text = "") => _host.Storage.Change(Pods, "shop", name, _ => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop", ["labels"] = new JsonObject { ["app"] = app } },
        ["text"] = text,
    });

    private void Remove(string name) => _host.Storage.Change(Pods, "shop", name, _ => null);
}
