using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Mesh.State;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Certificates;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.ControlPlane;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Files;
using Ambient.Ztunnel.Otlp;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Socks;
using Ambient.Ztunnel.State;
using Ambient.Ztunnel.Telemetry;
using Ambient.Ztunnel.Zds;
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
    private readonly RecentFailures _failures = new();
    private readonly CancellationTokenSource _watching = new();
    private readonly CancellationTokenSource _leading = new();
    private readonly TaskCompletionSource<int> _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MeshStore _mesh;
    private readonly LocalMeshSource _meshSource;
    private readonly EventLoopGroup _loops;
    private readonly HandshakeThreads _handshakes = new();
    private readonly ILogger _logger;
    private WorkloadCertificates? _certificates;
    private PodProxySet? _pods;
    private PodProxy? _self;
    private AdminListeners? _admin;
    private StubResolver? _names;
    private OtlpExporter? _exporter;
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

    /// <summary>
    /// Completes with the exit code when something asks the program to stop: a signal through <see cref="AskToStop"/>, the admin page, or a
    /// failure that only a new start can mend.
    /// </summary>
    public Task<int> StopAsked => _stopAsked.Task;

    public void AskToStop() => _stopAsked.TrySetResult(0);

    /// <exception cref="StartException">A part cannot start; the message names the next step.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (string task in new[] { ReadinessTasks.StateTask, ReadinessTasks.ProxyTask, ReadinessTasks.WorkloadsTask })
        {
            _readiness.Add(task);
        }

        if (_options.Dns.Enabled)
        {
            _readiness.Add(ReadinessTasks.DnsTask);
        }

        OpenFileLimit limit = ResourceLimits.RaiseOpenFiles();
        AppLog.OpenFiles(_logger, limit.Now);
        WatchLoops();
        LoadMesh();
        await OpenCertificatesAsync(cancellation);
        PodProxyFactory factory = BuildFactory();
        PodMetrics podMetrics = new();
        WorkloadInfo? self = _options.Proxy.Mode == ProxyMode.Shared ? _options.Proxy.Self : null;
        _pods = new PodProxySet(factory, podMetrics, _readiness, _loggers.CreateLogger(LogTargets.Pods), _time)
        {
            AlsoServed = self is null ? [] : [self],
        };
        podMetrics.AddTo(_metrics);
        _metrics.Add(new BuildMetric(_options.Telemetry.IstioVersion));
        _metrics.Add(new ProcessMetrics());
        _metrics.Add(new CollectorMetrics());
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
        if (self is not null)
        {
            _self = factory.StartSelf(self);
            _ = WatchSelfAsync(_self);
        }

        _readiness.Clear(ReadinessTasks.ProxyTask);
        _readiness.Clear(ReadinessTasks.DnsTask);
        _exporter?.Start();
        _admin ??= await AdminListeners.StartAsync(_options.Admin, BuildPages(_pods), _loggers, cancellation);
    }

    /// <summary>Drains everything within the configured deadline (node-proxy 10.2).</summary>
    public async Task StopAsync()
    {
        AppLog.Draining(_logger, _options.Drain.Deadline);

        // No new pods. Policies, revocations and certificates stay in force for what is still carried.
        await _leading.CancelAsync();
        if (_pods is not null)
        {
            await Task.WhenAll(
                _pods.DrainAsync(_options.Drain.Deadline), _self?.DrainAsync(_options.Drain.Deadline) ?? Task.CompletedTask);
        }

        AppLog.Stopped(_logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _leading.CancelAsync();
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
        if (_exporter is not null)
        {
            await _exporter.DisposeAsync();
        }

        _handshakes.Dispose();
        _names?.Dispose();
        if (_certificates is not null)
        {
            await _certificates.DisposeAsync();
        }

        _watching.Dispose();
        _leading.Dispose();
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
            _controlPlane.Start(() => _stopAsked.TrySetResult(1), _watching.Token);
            return;
        }

        _readiness.Clear(ReadinessTasks.StateTask);
    }

    private async Task OpenCertificatesAsync(CancellationToken cancellation)
    {
        _certificates = await WorkloadCertificates.OpenAsync(_options, _loggers, _metrics, _time, _watching.Token, cancellation);
        _readiness.Watch(_certificates.Warnings.Read);
        _certificates.Follow(_mesh, _options.Proxy.DedicatedWorkload);
    }

    private IOnDemandResources OnDemand => _controlPlane?.OnDemand ?? NoOnDemandResources.Instance;

    private PodProxyFactory BuildFactory()
    {
        TcpMetrics tcp = new();
        SocketGauge gauge = new();
        _exporter = OtlpExporter.For(_options, _metrics, _loggers, _time);
        _metrics.Add(tcp);
        _metrics.Add(gauge);
        OnDemandDnsMetric onDemandDns = new();
        _metrics.Add(onDemandDns);
        _names = StubResolver.OfSystem(_options.Dns.ResolverPath, _options.Listeners.Ipv6Enabled, _loggers.CreateLogger(LogTargets.Proxy), _time);
        HboneOptions tunnels = BuildTunnelOptions(_options.Tunnels) with { Tracker = _certificates!.Tracker };
        AppLog.Crypto(_logger, AeadChoice.Description);
        return new PodProxyFactory
        {
            Loops = _loops,
            Mesh = _mesh,
            OnDemand = OnDemand,
            Credentials = _certificates!.Credentials(_options.Certificates),
            Client = new HboneClient(tunnels, _handshakes),
            Server = new HboneServer(tunnels, _handshakes),
            Names = new HostnameResolver(_names.ResolveAsync, onDemandDns),
            Reporter = new ConnectionReporter(tcp, new AccessLog(_loggers), _failures, _time) { Tracing = _exporter?.Tracing },
            Gauge = gauge,
            Options = _options,
            Loggers = _loggers,
            MoreListeners = BuildMoreListeners(_names),
        };
    }

    private List<IPodListenerKind> BuildMoreListeners(StubResolver names)
    {
        List<IPodListenerKind> kinds = [];
        if (_options.Listeners.Socks is { } socks)
        {
            kinds.Add(new SocksListenerKind(socks, SocksNames.Of(_options, names.ResolveAsync)));
        }

        if (_options.Dns.Enabled)
        {
            DnsMetrics metrics = new();
            _metrics.Add(metrics);
            ResolverConfiguration resolvers = ResolverConfiguration.Load(_options.Dns.ResolverPath, _loggers.CreateLogger(LogTargets.Dns));
            kinds.Add(new DnsListenerKind(_options, resolvers, metrics, _loops.Loops[0], _loggers, _time));
        }

        return kinds;
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

        NamespacePrivileges.Check(_options.Sockets);
        if (_options.Pods.AgentSocket is { } socket)
        {
            _ = ConverseAsync(new ZdsClient(socket, pods, _loggers.CreateLogger(LogTargets.Zds), _time));
            return;
        }

        PodListSource list = new(_options.Pods.ListPath!, pods, _loggers.CreateLogger(LogTargets.Pods));
        WatchedFile file = new(_options.Pods.ListPath!, list.Read, _loggers.CreateLogger(LogTargets.Pods), _time);
        Require(file.Load(), $"AMBIENT_PODS: {_options.Pods.ListPath} holds no valid list of pods; the lines above say where");
        await list.ApplyAsync();
        _ = file.WatchAsync(_leading.Token);
    }

    private async Task ConverseAsync(ZdsClient client)
    {
        try
        {
            await client.RunAsync(_leading.Token);
        }
        catch (Exception error)
        {
            AppLog.AgentLost(_logger, error.Message);
            _stopAsked.TrySetResult(1);
        }
    }

    private async Task WatchSelfAsync(PodProxy self)
    {
        if (await self.Listening is { } failure)
        {
            AppLog.SelfProxyDied(_logger, failure.Message);
            _stopAsked.TrySetResult(1);
        }
    }

    private AdminPageSet BuildPages(PodProxySet pods)
    {
        VersionInfo version = VersionInfo.Of(typeof(ZtunnelApp).Assembly, _options.Telemetry.IstioVersion);
        ConfigDump dump = new(
        [
            new MeshSection(_mesh, _meshSource),
            version,
            new SettingsSection(_options),
            new CertificatesSection(_certificates!.Store),
            new WorkloadStateSection(pods),
        ]);
        ILogger logger = _loggers.CreateLogger(LogTargets.Admin);
        Dashboard dashboard = new(version, _readiness, new EffectiveConfiguration(_options), _options.Admin, _time);
        LoggingPage logging = new(_loggers, _options.Telemetry.LogFilter, logger);
        return new AdminPageSet(
            new AdminPages(dashboard, dump, new FailuresPage(_failures), logging, AskToStop, logger), new MetricsPages(_metrics), new ReadinessPages(_readiness));
    }

    private static void Require(bool isLoaded, string problem)
    {
        if (!isLoaded)
        {
            throw new StartException(problem);
        }
    }
}
