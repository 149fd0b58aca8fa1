using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Mesh.State;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.ControlPlane;
using Ambient.Ztunnel.Files;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.State;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel;

/// <summary>
/// The program, put together by hand in the order in which it starts: loops, mesh state, certificates, pods, and the admin pages last, so
/// that traffic flows before anybody can ask about it. It stops in the opposite order.
/// </summary>
internal sealed class ZtunnelApp : IAsyncDisposable
{
    private readonly ZtunnelOptions _options;
    private readonly LoggerProvider _loggers;
    private readonly TimeProvider _time;
    private readonly MetricsRegistry _metrics = new();
    private readonly ReadinessTasks _readiness = new();
    private readonly CancellationTokenSource _watching = new();
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MeshStore _mesh;
    private readonly LocalMeshSource _meshSource;
    private readonly EventLoopGroup _loops;
    private readonly HandshakeThreads _handshakes = new();
    private readonly ILogger _logger;
    private LocalIssuer? _issuer;
    private CertificateStore? _certificates;
    private PodProxySet? _pods;
    private AdminListeners? _admin;
    private XdsMeshSource? _controlPlane;

    public ZtunnelApp(ZtunnelOptions options, LoggerProvider loggers, TimeProvider time)
    {
        _options = options;
        _loggers = loggers;
        _time = time;
        _logger = loggers.CreateLogger(LogTargets.App);
        _mesh = new MeshStore(time, new MeshSnapshotBuilder(options.Proxy.NodeName).Build());
        _meshSource = new LocalMeshSource(_mesh, options.Proxy.NodeName, loggers.CreateLogger(LogTargets.State));
        _loops = new EventLoopGroup(options.Workers.Threads);
    }

    /// <summary>Addresses of the admin pages, once started; tests bind them to free ports.</summary>
    public AdminListeners Admin => _admin!;

    /// <summary>The threads that carry all traffic; measurements read their counters.</summary>
    internal IReadOnlyList<EventLoop> Loops => _loops.Loops;

    /// <summary>Completes when something asks the program to stop: a signal through <see cref="AskToStop"/>, or the admin page.</summary>
    public Task StopAsked => _stopAsked.Task;

    public void AskToStop() => _stopAsked.TrySetResult();

    /// <exception cref="StartException">A part cannot start; the message names the next step.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (string task in new[] { ReadinessTasks.StateTask, ReadinessTasks.ProxyTask, ReadinessTasks.WorkloadsTask })
        {
            _readiness.Add(task);
        }

        OpenFileLimit limit = ResourceLimits.RaiseOpenFiles();
        AppLog.OpenFiles(_logger, limit.Now);
        WatchLoops();
        LoadMesh();
        await OpenCertificatesAsync(cancellation);
        PodProxyFactory factory = BuildFactory();
        PodMetrics podMetrics = new();
        _pods = new PodProxySet(factory, podMetrics, _readiness, _loggers.CreateLogger(LogTargets.Pods));
        podMetrics.AddTo(_metrics);
        _metrics.Add(new BuildMetric(_options.Telemetry.IstioVersion));
        _metrics.Add(new ProcessMetrics());
        _metrics.Add(_loggers.Writer);
        if (_controlPlane is not null)
        {
            // While the mesh is not known the admin pages say so, and no pod is served (node-proxy 3.6).
            _admin = await AdminListeners.StartAsync(_options.Admin, BuildPages(_pods), _loggers, cancellation);
            if (await Task.WhenAny(_controlPlane.Ready, StopAsked).WaitAsync(cancellation) == StopAsked)
            {
                return;
            }

            _readiness.Clear(ReadinessTasks.StateTask);
        }

        await StartPodsAsync(_pods);
        _readiness.Clear(ReadinessTasks.ProxyTask);
        _admin ??= await AdminListeners.StartAsync(_options.Admin, BuildPages(_pods), _loggers, cancellation);
    }

    /// <summary>Drains everything within the configured deadline (node-proxy 10.2).</summary>
    public async Task StopAsync()
    {
        AppLog.Draining(_logger, _options.Drain.Deadline);
        await _watching.CancelAsync();
        if (_pods is not null)
        {
            await _pods.DrainAsync(_options.Drain.Deadline);
        }

        AppLog.Stopped(_logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _watching.CancelAsync();
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        if (_pods is not null)
        {
            await _pods.DisposeAsync();
        }

        await _loops.DisposeAsync();
        _handshakes.Dispose();
        if (_certificates is not null)
        {
            await _certificates.DisposeAsync();
        }

        _issuer?.Dispose();
        _watching.Dispose();
    }

    private void WatchLoops()
    {
        foreach (EventLoop loop in _loops.Loops)
        {
            loop.UnhandledException += error => AppLog.Bug(_logger, error);
        }
    }

    private void LoadMesh()
    {
        if (_options.Mesh.LocalText is { } text)
        {
            Require(_meshSource.Apply(text), "LOCAL_XDS holds no valid mesh state; the lines above say where");
        }
        else if (_options.Mesh.LocalPath is { } path)
        {
            WatchedFile file = new(path, _meshSource.Apply, _loggers.CreateLogger(LogTargets.State), _time);
            Require(file.Load(), $"LOCAL_XDS_PATH: {path} holds no valid mesh state; the lines above say where");
            _ = file.WatchAsync(_watching.Token);
        }
        else if (_options.Mesh.UsesControlPlane)
        {
            XdsReports reports = new(_loggers);
            _metrics.Add(reports);
            _controlPlane = new XdsMeshSource(_mesh, _options, reports, _loggers, _time);
            _controlPlane.Start(_watching.Token);
            return;
        }

        _readiness.Clear(ReadinessTasks.StateTask);
    }

    private async Task OpenCertificatesAsync(CancellationToken cancellation)
    {
        try
        {
            _issuer = await LocalIssuer.OpenAsync(
                _options.Certificates.LocalRootDirectory, _options.Certificates.SecretTtl, _time, cancellation);
        }
        catch (LocalRootException error)
        {
            throw new StartException(error.Message, error);
        }

        CertificateReports reports = new(_loggers);
        _certificates = new CertificateStore(_issuer, _time, reports);
        _metrics.Add(reports);
        _metrics.Add(new CertificateExpiry(_certificates));
    }

    private IOnDemandResources OnDemand => _controlPlane?.OnDemand ?? NoOnDemandResources.Instance;

    private PodProxyFactory BuildFactory()
    {
        TcpMetrics tcp = new();
        SocketGauge gauge = new();
        _metrics.Add(tcp);
        _metrics.Add(gauge);
        HboneOptions tunnels = BuildTunnelOptions(_options.Tunnels);
        AppLog.Crypto(_logger, AeadChoice.Description);
        return new PodProxyFactory
        {
            Loops = _loops,
            Mesh = _mesh,
            OnDemand = OnDemand,
            Credentials = new WorkloadCredentials(_certificates!, TlsOptions.Default with { Suites = _options.Certificates.Suites }),
            Client = new HboneClient(tunnels, _handshakes),
            Server = new HboneServer(tunnels, _handshakes),
            Reporter = new ConnectionReporter(tcp, new AccessLog(_loggers), _time),
            Gauge = gauge,
            Options = _options,
            Loggers = _loggers,
        };
    }

    private static HboneOptions BuildTunnelOptions(TunnelOptions options)
    {
        Http2Options With(Http2Options role) => role with
        {
            StreamWindow = options.StreamWindowBytes,
            ConnectionWindow = options.ConnectionWindowBytes,
            MaxFrameSize = options.MaxFrameBytes,
        };
        return HboneOptions.Default with
        {
            Client = With(Http2Options.ForClient) with { MaxConcurrentStreams = options.MaxStreamsPerConnection },
            Server = With(Http2Options.ForServer),
        };
    }

    private async Task StartPodsAsync(PodProxySet pods)
    {
        if (_options.Proxy.DedicatedWorkload is { } workload)
        {
            pods.StartDedicated(workload);
            return;
        }

        PodListSource list = new(_options.Pods.ListPath!, pods, _loggers.CreateLogger(LogTargets.Pods));
        WatchedFile file = new(_options.Pods.ListPath!, list.Read, _loggers.CreateLogger(LogTargets.Pods), _time);
        Require(file.Load(), $"AMBIENT_PODS: {_options.Pods.ListPath} holds no valid list of pods; the lines above say where");
        await list.ApplyAsync();
        _ = file.WatchAsync(_watching.Token);
    }

    private AdminPageSet BuildPages(PodProxySet pods)
    {
        VersionInfo version = VersionInfo.Of(typeof(ZtunnelApp).Assembly, _options.Telemetry.IstioVersion);
        ConfigDump dump = new(
        [
            new MeshSection(_mesh, _meshSource),
            version,
            new SettingsSection(_options),
            new CertificatesSection(_certificates!),
            new WorkloadStateSection(pods),
        ]);
        ILogger logger = _loggers.CreateLogger(LogTargets.Admin);
        Dashboard dashboard = new(version, _readiness, new EffectiveConfiguration(_options), _options.Admin, _time);
        LoggingPage logging = new(_loggers, _options.Telemetry.LogFilter, logger);
        return new AdminPageSet(
            new AdminPages(dashboard, dump, logging, AskToStop, logger), new MetricsPages(_metrics), new ReadinessPages(_readiness));
    }

    private static void Require(bool isLoaded, string problem)
    {
        if (!isLoaded)
        {
            throw new StartException(problem);
        }
    }
}
