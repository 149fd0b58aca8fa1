using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.InProcessTests.Admin;

/// <summary>The three HTTP listeners on ports of the system's choice, as the program puts them together.</summary>
internal sealed class RunningListeners : IAsyncDisposable
{
    private readonly LogWriter _writer;
    private readonly AdminListeners _listeners;
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningListeners(LogWriter writer, LoggerProvider loggers, AdminListeners listeners, ReadinessTasks readiness, TcpMetrics metrics)
    {
        _writer = writer;
        Loggers = loggers;
        _listeners = listeners;
        Readiness = readiness;
        Metrics = metrics;
    }

    public LoggerProvider Loggers { get; }

    public ReadinessTasks Readiness { get; }

    public TcpMetrics Metrics { get; }

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public Task ShutdownAsked => _shutdown.Task;

    public Uri Admin => UriOf(_listeners.Admin);

    public Uri Stats => UriOf(_listeners.Stats);

    public Uri Ready => UriOf(_listeners.Readiness);

    public static async Task<RunningListeners> StartAsync(AdminOptions? options = null)
    {
        var writer = new LogWriter(Stream.Null);
        var loggers = new LoggerProvider(writer, LogFormat.Plain, LogFilter.Default, TimeProvider.System);
        var readiness = new ReadinessTasks();
        var metrics = new TcpMetrics();
        var registry = new MetricsRegistry();
        registry.Add(metrics);
        ZtunnelOptions settings = Settings();
        var version = new VersionInfo("1.0", "abc", ".NET 10", "release", "1.30");
        options ??= new AdminOptions(BindAddress.Localhost(0), BindAddress.Localhost(0), BindAddress.Localhost(0), true);
        var shutdown = new Shutdown();
        ILogger logger = loggers.CreateLogger(LogTargets.Admin);
        var pages = new AdminPageSet(
            new AdminPages(
                new Dashboard(version, readiness, new EffectiveConfiguration(settings), settings.Admin, TimeProvider.System),
                new ConfigDump([version, new SettingsSection(settings)]),
                new FailuresPage(new RecentFailures()),
                new LoggingPage(loggers, LogFilter.Default, logger),
                shutdown.Ask,
                logger),
            new MetricsPages(registry),
            new ReadinessPages(readiness));
        AdminListeners listeners = await AdminListeners.StartAsync(options, pages, loggers, default);
        var running = new RunningListeners(writer, loggers, listeners, readiness, metrics);
        shutdown.Asked = running._shutdown;
        return running;
    }

    /// <summary>Sends raw bytes to a listener and reads until it closes; null when it does not within the time.</summary>
    public static async Task<string?> SendRawAsync(Uri listener, string request, TimeSpan limit)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, listener.Port));
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        return await ReadToEndAsync(socket, limit);
    }

    public static async Task<string?> ReadToEndAsync(Socket socket, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and int count)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            return text.ToString();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            return text.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _listeners.DisposeAsync();
        Loggers.Dispose();
        _writer.Dispose();
    }

    private static Uri UriOf(HttpEndpoint endpoint) => new($"http://127.0.0.1:{endpoint.EndPoints[0].Port}/");

    private static ZtunnelOptions Settings()
    {
        OptionsResult result = ZtunnelOptions.Read(
            SettingSource.Of(
                ("PROXY_MODE", "dedicated"), ("PROXY_WORKLOAD_INFO", "a/<b>/c"), ("LOCAL_XDS_PATH", "f"), ("AMBIENT_LOCAL_ROOT", "r")),
            new OptionsEnvironment(null, 2));
        return result.Options ?? throw new InvalidOperationException(string.Join("; ", result.Errors));
    }

    private sealed class Shutdown
    {
        public TaskCompletionSource? Asked { get; set; }

        public void Ask() => Asked?.TrySetResult();
    }
}
