using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Certificates;
using Ambient.Ztunnel.Configuration;
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
    private readonly CancellationTokenSource _leading = new();
    private readonly TaskCompletionSource<int> _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MeshState _mesh;
    private readonly DataPlane _dataPlane;
    private readonly ILogger _logger;
    private WorkloadCertificates? _certificates;
    private PodProxySet? _pods;
    private PodProxy? _self;
    private AdminListeners? _admin;

    public ZtunnelApp(ZtunnelOptions options, LoggerProvider loggers, TimeProvider time)
    {
        _options = options;
        _loggers = loggers;
        _time = time;
        _logger = loggers.CreateLogger(LogTargets.App);
        _mesh = new MeshState(options, loggers, time);
        _dataPlane = new DataPlane(options, loggers, _metrics, time);
    }

    /// <summary>Addresses of the admin pages, once started; tests bind them to free ports.</summary>
    public AdminListeners Admin => _admin!;

    /// <summary>The threads that carry all traffic; measurements read their counters.</summary>
    internal IReadOnlyList<EventLoop> Loops => _dataPlane.Loops.Loops;

    /// <summary>
    /// Completes with the exit code when something asks the program to stop: a signal through <see cref="AskToStop"/>, the admin page, or a
    /// failure that only a new start can mend.
    /// </summary>
    public Task<int> StopAsked => _stopAsked.Task;

    /// <summary>The proxy's own pod, where there is one: then its metrics can be read through the mesh (node-proxy 2.7).</summary>
    private WorkloadInfo? Self => _options.Proxy is { Enabled: true, Mode: ProxyMode.Shared, Self: { } self } ? self : null;

    public void AskToStop() => Stop(0);

    /// <exception cref="StartException">A part cannot start; the message names the next step.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        AddReadinessTasks();
        OpenFileLimit limit = ResourceLimits.RaiseOpenFiles();
        AppLog.OpenFiles(_logger, limit.Now);
        _mesh.Start(_metrics, Stop, _watching.Token);
        _certificates = await OpenCertificatesAsync(cancellation);
        PodProxyFactory factory = _dataPlane.BuildFactory(_mesh, _certificates, _watching.Token);
        _pods = BuildPods(factory, _certificates.Demand);
        _metrics.Add(new BuildMetric(_options.Telemetry.IstioVersion));
        _metrics.Add(new ProcessMetrics());
        _metrics.Add(new CollectorMetrics(_time));
        _metrics.Add(_loggers.Writer);
        if (_mesh.ControlPlaneReady is { } ready)
        {
            // While the mesh is not known the admin pages say so, and no pod is served (node-proxy 3.6).
            _admin = await AdminListeners.StartAsync(_options.Admin, BuildPages(_pods, _certificates), _loggers, cancellation);
            if (await Task.WhenAny(ready, StopAsked).WaitAsync(cancellation) == StopAsked)
            {
                return;
            }
        }

        _readiness.Clear(ReadinessTasks.StateTask);
        await PodSource.StartAsync(_options, _pods, factory, _loggers, _time, Stop, _leading.Token);
        if (Self is { } self)
        {
            _self = factory.StartSelf(self);
            _ = WatchSelfAsync(_self);
        }

        _readiness.Clear(ReadinessTasks.ProxyTask);
        _readiness.Clear(ReadinessTasks.DnsTask);
        _dataPlane.StartExport();
        _admin ??= await AdminListeners.StartAsync(_options.Admin, BuildPages(_pods, _certificates), _loggers, cancellation);
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

        await _dataPlane.DisposeAsync();
        if (_certificates is not null)
        {
            await _certificates.DisposeAsync();
        }

        _watching.Dispose();
        _leading.Dispose();
    }

    private void Stop(int exitCode) => _stopAsked.TrySetResult(exitCode);

    /// <summary>What is off has nothing to wait for (node-proxy 9.7).</summary>
    private void AddReadinessTasks()
    {
        _readiness.Add(ReadinessTasks.StateTask);
        _readiness.Add(ReadinessTasks.WorkloadsTask);
        if (_options.Proxy.Enabled)
        {
            _readiness.Add(ReadinessTasks.ProxyTask);
        }

        if (_options.Dns.Enabled)
        {
            _readiness.Add(ReadinessTasks.DnsTask);
        }
    }

    private async Task<WorkloadCertificates> OpenCertificatesAsync(CancellationToken cancellation)
    {
        WorkloadCertificates certificates = await WorkloadCertificates.OpenAsync(
            _options, _loggers, _metrics, _time, _watching.Token, cancellation);
        _readiness.Watch(certificates.Warnings.Read);
        if (_options.Proxy is { Enabled: true, Mode: ProxyMode.Shared })
        {
            certificates.Follow(_mesh.Store);
        }

        return certificates;
    }

    private PodProxySet BuildPods(PodProxyFactory factory, CertificateDemand demand)
    {
        PodMetrics metrics = new();
        metrics.AddTo(_metrics);
        PodTable table = new(demand, metrics, Self is { } self ? [self] : []);
        return new PodProxySet(factory.Start, table, metrics, _readiness, _loggers.CreateLogger(LogTargets.Pods), _time);
    }

    private async Task WatchSelfAsync(PodProxy self)
    {
        if (await self.Listening is { } failure)
        {
            AppLog.SelfProxyDied(_logger, failure.Message);
            Stop(1);
        }
    }

    private AdminPageSet BuildPages(PodProxySet pods, WorkloadCertificates certificates)
    {
        VersionInfo version = VersionInfo.Of(typeof(ZtunnelApp).Assembly, _options.Telemetry.IstioVersion);
        ConfigDump dump = new(
            [_mesh.Dump, version, new SettingsSection(_options), new CertificatesSection(certificates.Store), new WorkloadStateSection(pods)]);
        ILogger logger = _loggers.CreateLogger(LogTargets.Admin);
        Dashboard dashboard = new(version, _readiness, new EffectiveConfiguration(_options), _options.Admin, _time);
        LoggingPage logging = new(_loggers, _options.Telemetry.LogFilter, logger);
        AdminPages admin = new(dashboard, dump, new FailuresPage(_dataPlane.Failures), logging, AskToStop, logger);
        return new AdminPageSet(admin, new MetricsPages(_metrics), new ReadinessPages(_readiness));
    }
}
