using System.Net;
using System.Reflection;
using Ambient.ApiServer.Manifests;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Configuration;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Serving;
using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Statuses;
using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Xds;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Leases;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane;

/// <summary>Everything of the program, built by hand in the order of its start, and stopped in the other.</summary>
public sealed class ControlPlaneApp : IAsyncDisposable
{
    private readonly ControlPlaneOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SourceMetrics _sourceMetrics = new();
    private readonly DiscoveryMetrics _discoveryMetrics;
    private readonly ResourceCache _cache = new();
    private readonly DiscoveryLimits _limits = new();
    private readonly DiscoveryService _discovery;
    private readonly ChangeQueue _queue;
    private readonly PendingWrites _pending;
    private readonly StatusBook _book;
    private readonly StatusReports _statusReports;
    private readonly MeshUpdater _updater;
    private readonly XdsServer _xds;
    private readonly List<Task> _running = [];
    private readonly List<PageListener> _pages = [];
    private ManifestCluster? _manifests;
    private KubernetesClient? _client;
    private TokenCheck? _tokens;
    private FileCertificateSource? _certificate;
    private LeaderElector? _elector;

    public ControlPlaneApp(ControlPlaneOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _logger = loggers.CreateLogger("control-plane");
        _time = time;
        _discoveryMetrics = new DiscoveryMetrics(time);
        _discovery = new DiscoveryService(_cache, _limits, new DiscoveryReports(_logger, _discoveryMetrics), time);
        _queue = new ChangeQueue(DebounceTimes.Default, time);
        _pending = new PendingWrites(time);
        _book = new StatusBook(_pending, time);
        _statusReports = new StatusReports(_logger, _pending);
        AppliedObjects applied = new(_cache);
        _updater = new MeshUpdater(new MeshTranslator(options.Mesh), _cache, [_book, applied], _sourceMetrics, _discoveryMetrics, time);
        _xds = new XdsServer(_discovery, _limits, _logger, time);
        State = new ControlPlaneState
        {
            Cache = _cache,
            Discovery = _discovery,
            Updater = _updater,
            Metrics = BuildMetrics(),
            Applied = applied,
            ClusterId = options.Mesh.ClusterId,
            ClusterDomain = options.Mesh.ClusterDomain,
            IsLeader = () => _elector?.IsLeader == true,
        };
    }

    /// <summary>What the pages show.</summary>
    public ControlPlaneState State { get; }

    /// <summary>Done when proxies are served: after everything was read once.</summary>
    public Task Serving => _serving.Task;

    /// <summary>Done with the reason when a part fails that the whole cannot do without.</summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>Where discovery is served without TLS; null when it is not.</summary>
    public IPEndPoint? PlainAddress { get; private set; }

    /// <summary>Where discovery is served in TLS; null when it is not.</summary>
    public IPEndPoint? SecureAddress { get; private set; }

    /// <summary>Where readiness and metrics are served, in this order, as far as they are.</summary>
    public IReadOnlyList<IPEndPoint> PageAddresses => [.. _pages.Select(page => page.Address)];

    /// <summary>Starts everything; proxies are served from <see cref="Serving"/> on.</summary>
    /// <exception cref="StartException">It cannot start.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        LoadCertificate();
        await OpenPagesAsync();
        _client = new KubernetesClient(await ConnectAsync(cancellation), new KubernetesClientOptions { UserAgent = "ambient-control-plane" }, _time);
        _tokens = new TokenCheck(_client, _options.Serving.TokenAudiences, _time);
        ClusterWatch watch = new(_client, _queue, _book, _sourceMetrics, new WatchReports(_logger, _sourceMetrics), _time);
        State.WaitsFor = $"the first list of {string.Join(", ", watch.Missing)}";
        ControlPlaneLog.Waits(_logger, string.Join(", ", watch.Missing));
        Run(watch.RunAsync);
        Run(ended => _updater.RunAsync(_queue, watch.Synced, ended));
        Run(ServeAsync);
        if (_options.Statuses.IsEnabled)
        {
            Run(WriteStatusesAsync);
        }
    }

    /// <summary>Streams end first, then what feeds them; the lease is given back.</summary>
    public async Task StopAsync()
    {
        ControlPlaneLog.Stops(_logger);
        State.WaitsFor = "the end";
        await _xds.EndStreamsAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _xds.DisposeAsync();
        foreach (PageListener page in _pages)
        {
            await page.DisposeAsync();
        }

        _tokens?.Dispose();
        _client?.Dispose();
        if (_manifests is not null)
        {
            await _manifests.DisposeAsync();
        }

        _discovery.Dispose();
        _stop.Dispose();
    }

    private IReadOnlyList<IMetricFamily> BuildMetrics() =>
    [
        new GaugeFamily("pilot_info", "The control plane.", () => [(PrometheusText.Labels(("version", Version)), 1)]),
        new GaugeFamily("pilot_xds", "Number of endpoints connected to this pilot using XDS.", () => [.. _discovery.Proxies
            .GroupBy(proxy => proxy.Node.Kind, StringComparer.Ordinal)
            .Select(kind => (PrometheusText.Labels(("version", Version), ("kind", kind.Key)), (double)kind.Count()))]),
        new GaugeFamily("ambient_resources", "Resources that proxies are given, by type.", () =>
        [
            (PrometheusText.Labels(("type", "wds")), _cache.Addresses.Count),
            (PrometheusText.Labels(("type", "wads")), _cache.Authorizations.Count),
        ]),
        new GaugeFamily("ambient_leader", "Whether this replica writes statuses.", () => _elector?.IsLeader == true ? 1 : 0),
        .. _sourceMetrics.Families,
        .. _discoveryMetrics.Families,
        .. _statusReports.Families,
        .. ProcessMetrics.Families(_time),
    ];

    private static string Version { get; } =
        typeof(ControlPlaneApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private void LoadCertificate()
    {
        if (_options.Serving is not { SecureAddress: not null, Certificate: { } files })
        {
            return;
        }

        try
        {
            _certificate = new FileCertificateSource(files, TellCertificate, _time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new StartException($"the certificate of the TLS port cannot be used ({error.Message}): {SettingCatalogue.CertificateFlag} and {SettingCatalogue.KeyFlag} must be PEM files that belong together", error);
        }

        Run(_certificate.RunAsync);
    }

    private void TellCertificate(string message, Exception? error)
    {
        if (error is null)
        {
            ControlPlaneLog.CertificateRenewed(_logger, message);
        }
        else
        {
            ControlPlaneLog.CertificateFailed(_logger, message, error);
        }
    }

    private async Task OpenPagesAsync()
    {
        if (_options.Serving.HttpAddress is { } http)
        {
            _pages.Add(await OpenAsync("readiness", http, () => PageListener.StartAsync(http, AdminPages.Http(State))));
        }

        if (_options.Serving.MonitoringAddress is { } monitoring)
        {
            _pages.Add(await OpenAsync("metrics", monitoring, () => PageListener.StartAsync(monitoring, AdminPages.Monitoring(State))));
        }

        foreach (PageListener page in _pages)
        {
            ControlPlaneLog.Serves(_logger, "pages", page.Address.ToString());
        }
    }

    private static async Task<T> OpenAsync<T>(string what, IPEndPoint address, Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (IOException error)
        {
            throw new StartException($"{what} cannot be served at {address} ({error.Message}): give another address, or off", error);
        }
    }

    private async Task<KubernetesConfiguration> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            if (_options.Cluster.Manifests is { } folder)
            {
                ControlPlaneLog.Starting(_logger, Version, _options.Mesh.ClusterId, folder);
                _manifests = await ManifestCluster.StartAsync(folder, new ManifestReports(_logger), _time, cancellation);
                return _manifests.Configuration;
            }

            ConfigurationSource source = new() { KubeconfigPath = _options.Cluster.Kubeconfig, Context = _options.Cluster.Context };
            KubernetesConfiguration configuration = source.Load(_time);
            ControlPlaneLog.Starting(_logger, Version, _options.Mesh.ClusterId, configuration.Server.ToString());
            return configuration;
        }
        catch (KubernetesConfigurationException error)
        {
            throw new StartException($"{error.Message} Or give --manifests FOLDER to run without a cluster.", error);
        }
        catch (ManifestException error)
        {
            throw new StartException(error.Message, error);
        }
    }

    private async Task ServeAsync(CancellationToken cancellation)
    {
        await _updater.Published.WaitAsync(cancellation);
        ControlPlaneLog.Published(_logger, _cache.Addresses.Count, _cache.Authorizations.Count);
        if (_options.Serving.PlainAddress is { } plain)
        {
            PlainAddress = await OpenAsync("discovery", plain, () => _xds.OpenAsync(new GrpcListenerOptions { Address = plain }, new AnybodyAuthenticator()));
            ControlPlaneLog.Serves(_logger, "discovery without TLS", PlainAddress.ToString());
        }

        if (_options.Serving.SecureAddress is { } secure && _certificate is { } certificate)
        {
            CallerAuthenticator authenticator = new(
                [new ClientCertificateCheck(certificate, _options.Mesh.TrustDomain, _time), _tokens!],
                (context, reason) => ControlPlaneLog.Unauthenticated(_logger, XdsServer.AddressOf(context), reason));
            GrpcListenerOptions listener = new() { Address = secure, Certificate = certificate };
            SecureAddress = await OpenAsync("discovery", secure, () => _xds.OpenAsync(listener, authenticator));
            ControlPlaneLog.Serves(_logger, "discovery in TLS", SecureAddress.ToString());
        }
        else if (_options.Serving.SecureAddress is not null)
        {
            ControlPlaneLog.NoCertificate(_logger);
        }

        State.WaitsFor = string.Empty;
        _serving.TrySetResult();
    }

    // Only with the whole mesh in hand: what half of it says of an object is not true.
    private async Task WriteStatusesAsync(CancellationToken cancellation)
    {
        await _updater.Published.WaitAsync(cancellation);
        LeaderElectionOptions election = new(_options.Statuses.Namespace, StatusOptions.LeaseName, _options.Statuses.Identity);
        LeaderElector elector = new(_client!, election, _statusReports, _time);
        StatusWriter writer = new(_client!, _book, _pending, _statusReports, _time);
        _elector = elector;
        await elector.RunAsync(lost => writer.LeadAsync(Notes, () => elector.IsLeader, lost), cancellation);
    }

    private IEnumerable<ObjectEvent> Notes() => _updater.ReadFindings()
        .Where(finding => finding.Condition is null)
        .Select(finding => new ObjectEvent(finding.Object, finding.Code, finding.Message));

    private void Run(Func<CancellationToken, Task> part) => _running.Add(GuardAsync(part));

    private async Task GuardAsync(Func<CancellationToken, Task> part)
    {
        try
        {
            await Task.Yield();
            await part(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was asked to end.
            return;
        }
        catch (Exception error)
        {
            ControlPlaneLog.Failed(_logger, error);
            _failure.TrySetResult(error);
        }
    }
}
