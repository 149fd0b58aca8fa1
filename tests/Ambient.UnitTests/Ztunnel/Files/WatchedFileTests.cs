using Ambient.Testing.Certs;
using Ambient.Testing.Namespaces;
using Ambient.UnitTests.Ztunnel.Telemetry;
using Ambient.Ztunnel.Files;

namespace Ambient.UnitTests.Ztunnel.Files;

/// <summary>Files change in two ways: written or moved over by hand, and replaced behind links as a mounted ConfigMap is.</summary>
public sealed class WatchedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CapturedLog _log = new();
    private readonly List<string> _applied = [];

    public void Dispose()
    {
        _log.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_file_replaced_behind_the_links_of_a_mounted_config_map_is_read_again()
    {
        WriteVersion("..1", "first");
        Directory.CreateSymbolicLink(_directory["..data"], "..1");
        File.CreateSymbolicLink(_directory["file"], "..data/file");
        using var stop = new CancellationTokenSource();
        WatchedFile file = Watch(_directory["file"]);
        Assert.True(file.Load());
        Task watching = file.WatchAsync(stop.Token);

        WriteVersion("..2", "other");
        Directory.CreateSymbolicLink(_directory["..next"], "..2");
        await Command.RunAsync("mv", "-T", _directory["..next"], _directory["..data"]);

        await TickUntilAsync(() => _applied.Count == 2);
        Assert.Equal(["first", "other"], _applied);
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task A_file_that_appears_later_is_read_then()
    {
        using var stop = new CancellationTokenSource();
        Task watching = Watch(_directory["late"]).WatchAsync(stop.Token);
        await File.WriteAllTextAsync(_directory["late"], "here");

        await TickUntilAsync(() => _applied.Count == 1);
        await stop.CancelAsync();
        await watching;
    }

    private WatchedFile Watch(string path) => new(
        path,
        text =>
        {
            _applied.Add(text);
            return true;
        },
        _log.Loggers.CreateLogger("test"),
        TimeProvider.System);

    private static async Task TickUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private void WriteVersion(string name, string content)
    {
        Directory.CreateDirectory(_directory[name]);
        File.WriteAllText(Path.Combine(_directory[name], "file"), content);
        File.SetLastWriteTimeUtc(Path.Combine(_directory[name], "file"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(name == "..1" ? -10 : -1));
    }
}
