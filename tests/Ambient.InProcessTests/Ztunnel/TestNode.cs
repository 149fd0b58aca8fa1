using System.Net;
using Ambient.Ztunnel;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>One ztunnel in dedicated mode, in this process, on a loopback address of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly LogWriter _writer;
    private readonly LoggerProvider _loggers;
    private bool _isStopped;

    private TestNode(ZtunnelOptions options, IPAddress address, TimeProvider time)
    {
        Address = address;
        _writer = new LogWriter(Log);
        _loggers = new LoggerProvider(_writer, options.Telemetry.LogFormat, options.Telemetry.LogFilter, time);
        App = new ZtunnelApp(options, _loggers, time);
    }

    public IPAddress Address { get; }

    /// <summary>What everything the node logs goes through.</summary>
    public LogWriter Writer => _writer;

    public LogCapture Log { get; } = new();

    public ZtunnelApp App { get; }

    public static Task<TestNode> StartAsync(IPAddress address, params (string Name, string Value)[] settings) =>
        StartAsync(address, TimeProvider.System, settings);

    /// <param name="address">Of the node.</param>
    /// <param name="time">A clock that stands still lets a test decide what takes too long; certificates must be valid at its time.</param>
    /// <param name="settings">Environment variables.</param>
    public static async Task<TestNode> StartAsync(IPAddress address, TimeProvider time, params (string Name, string Value)[] settings)
    {
        OptionsResult read = ZtunnelOptions.Read(SettingSource.Of(settings), new OptionsEnvironment(null, 2));
        Assert.Empty(read.Errors);
        TestNode node = new(read.Options!, address, time);
        try
        {
            await node.App.StartAsync(CancellationToken.None);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }

        return node;
    }

    /// <summary>The value of a metric whose labels contain all parts, summed; 0 when there is no such sample.</summary>
    public async Task<double> MetricAsync(string name, params string[] labels)
    {
        using HttpClient client = new();
        string text = await client.GetStringAsync(new Uri($"http://{Address}:15020/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]));
    }

    public async Task StopAsync()
    {
        _isStopped = true;
        await App.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Log.Release();
        if (!_isStopped)
        {
            await App.StopAsync();
        }

        await App.DisposeAsync();
        _loggers.Dispose();
        _writer.Dispose();
    }
}
