using Ambient.Testing.Certs;
using Ambient.UnitTests.Ztunnel.Configuration;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Dns;
using Microsoft.Extensions.Logging;

namespace Ambient.UnitTests.Ztunnel.Dns;

/// <summary>A resolv.conf that changes while the proxy runs, as that of a node does when its network does.</summary>
public sealed class ResolverFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _warnings = new();
    private int _version;

    private string Path => _directory["resolv.conf"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_changed_file_is_in_force_soon_and_what_is_no_configuration_leaves_the_last_good_one()
    {
        Write("nameserver 10.0.0.1\nsearch a.example\n");
        ResolverFile file = Open();
        using var stop = new CancellationTokenSource();
        Task watching = file.WatchAsync(stop.Token);
        Assert.Equal("10.0.0.1:53", ServersOf(file));

        Write("nameserver 10.0.0.2\nsearch b.example\n");
        await TickUntilAsync(() => ServersOf(file) == "10.0.0.2:53");
        Assert.Equal("b.example", Assert.Single(file.Current.SearchDomains));

        int said = 0;
        foreach (string bad in new[] { "", "search c.example\n", new string('#', 70_000) })
        {
            Write(bad);
            said++;
            await TickUntilAsync(() => _warnings.Count == said);
            Assert.Equal(("10.0.0.2:53", "b.example"), (ServersOf(file), file.Current.SearchDomains[0]));
        }

        Write("nameserver 10.0.0.3\n");
        await TickUntilAsync(() => ServersOf(file) == "10.0.0.3:53");
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Without_a_file_the_server_is_this_machine_until_there_is_one()
    {
        ResolverFile file = Open();
        Assert.Equal(1, _warnings.Count);
        using var stop = new CancellationTokenSource();
        Task watching = file.WatchAsync(stop.Token);
        Assert.Equal("127.0.0.1:53", ServersOf(file));

        Write("nameserver 10.0.0.1\n");
        await TickUntilAsync(() => ServersOf(file) == "10.0.0.1:53");
        await stop.CancelAsync();
        await watching;
        Assert.Contains(_warnings.Texts, text => text.Contains("a server on 127.0.0.1 is used", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_in_dedicated_mode_do_answers_follow_the_search_domains_of_the_file()
    {
        ResolverConfiguration current = ResolverConfiguration.Parse("search a.example");
        ZtunnelOptions dedicated = Given.Options();
        DnsAnswers followed = new(dedicated.Proxy, true, () => current);
        DnsAnswers shared = new(dedicated.Proxy with { Mode = ProxyMode.Shared }, true, () => current);
        (object first, object fixedOne) = (followed.Current, shared.Current);
        Assert.Same(first, followed.Current);

        current = ResolverConfiguration.Parse("search b.example");
        Assert.NotSame(first, followed.Current);
        Assert.Same(fixedOne, shared.Current);
    }

    private static string ServersOf(ResolverFile file) => string.Join(',', file.Current.Servers.Select(server => server.ToString()));

    private static async Task TickUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private ResolverFile Open() => new(Path, _warnings, TimeProvider.System);

    /// <summary>A new file moved over the old one, with a time of its own however fast the test is.</summary>
    private void Write(string text)
    {
        File.WriteAllText(Path + ".next", text);
        File.SetLastWriteTimeUtc(Path + ".next", new DateTime(2026, 1, 1, 0, 0, ++_version, DateTimeKind.Utc));
        File.Move(Path + ".next", Path, overwrite: true);
    }

    private sealed class RecordingLogger : ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _texts = new();

        public int Count => _texts.Count;

        public IEnumerable<string> Texts => _texts;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _texts.Enqueue(formatter(state, exception));
    }
}
