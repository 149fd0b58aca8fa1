using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Tls;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Certificates;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.OnDemand;
using Ambient.Ztunnel.Otlp;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Socks;
using Ambient.Ztunnel.State;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel;

/// <summary>What carries the traffic of all pods: loops, handshake threads, the two ends of tunnels, resolvers, reports.</summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly ZtunnelOptions _options;
    private readonly LoggerProvider _loggers;
    private readonly MetricsRegistry _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HandshakeThreads _handshakes = new();
    private readonly RecentFailures _failures = new();
    private StubResolver? _names;
    private OtlpExporter? _exporter;

    public DataPlane(ZtunnelOptions options, LoggerProvider loggers, MetricsRegistry metrics, TimeProvider time)
    {
        _options = options;
        _loggers = loggers;
        _metrics = metrics;
        _time = time;
        _logger = loggers.CreateLogger(LogTargets.App);
        Loops = new EventLoopGroup(options.Workers.Threads);
        foreach (EventLoop loop in Loops.Loops)
        {
            loop.UnhandledException += error => AppLog.Bug(_logger, error);
        }
    }

    /// <summary>The threads that carry all traffic.</summary>
    public EventLoopGroup Loops { get; }

    /// <summary>For the admin page.</summary>
    public RecentFailures Failures => _failures;

    /// <summary>Puts together what the proxies of pods are made from; called once.</summary>
    /// <param name="mesh">Whom there is.</param>
    /// <param name="certificates">Of the pods.</param>
    /// <param name="watching">Ends the watch of the resolver configuration.</param>
    /// <exception cref="Admin.StartException">The settings ask for cryptography that this machine does not have.</exception>
    public PodProxyFactory BuildFactory(MeshState mesh, WorkloadCertificates certificates, CancellationToken watching)
    {
        TcpMetrics tcp = new();
        SocketGauge gauge = new();
        OnDemandDnsMetric onDemandDns = new();
        _exporter = OtlpExporter.For(_options, _metrics, _loggers, _time);
        _metrics.Add(tcp);
        _metrics.Add(gauge);
        _metrics.Add(onDemandDns);
        ResolverFile resolvers = new(_options.Dns.ResolverPath, _loggers.CreateLogger(LogTargets.Dns), _time);
        _ = resolvers.WatchAsync(watching);
        _names = StubResolver.OfSystem(resolvers, _options.Listeners.Ipv6Enabled, _loggers.CreateLogger(LogTargets.Proxy), _time);
        ILogger pool = _loggers.CreateLogger(LogTargets.Pool);
        HboneOptions tunnels = BuildTunnelOptions(_options.Tunnels) with
        {
            Tracker = certificates.Tracker,
            ServerLost = server => OutboundLog.ServerLost(pool, server),
        };
        AppLog.Crypto(_logger, AeadChoice.Description);
        return new PodProxyFactory
        {
            Loops = Loops,
            Mesh = mesh.Store,
            Demanded = new DemandedMesh(mesh.Store, mesh.OnDemand, _time),
            Credentials = certificates.Credentials(_options.Certificates),
            Client = new HboneClient(tunnels, _handshakes),
            Server = new HboneServer(tunnels, _handshakes),
            Names = new HostnameResolver(_names.ResolveAsync, onDemandDns),
            Reporter = new ConnectionReporter(tcp, new AccessLog(_loggers), _failures, _time) { Tracing = _exporter?.Tracing },
            Gauge = gauge,
            Options = _options,
            Loggers = _loggers,
            MoreListeners = BuildMoreListeners(resolvers, _names),
        };
    }

    /// <summary>Begins to export what was recorded, where a collector is named.</summary>
    public void StartExport() => _exporter?.Start();

    /// <summary>Ends whatever still runs on the loops, then the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        await Loops.DisposeAsync();
        if (_exporter is not null)
        {
            await _exporter.DisposeAsync();
        }

        _handshakes.Dispose();
        _names?.Dispose();
    }

    private List<IPodListenerKind> BuildMoreListeners(ResolverFile resolvers, StubResolver names)
    {
        List<IPodListenerKind> kinds = [];
        if (_options.Proxy.Enabled && _options.Listeners.Socks is { } socks)
        {
            kinds.Add(new SocksListenerKind(socks, SocksNames.Of(_options, names.ResolveAsync)));
        }

        if (_options.Dns.Enabled)
        {
            DnsMetrics metrics = new();
            _metrics.Add(metrics);
            kinds.Add(new DnsListenerKind(_options, resolvers, metrics, Loops.Loops[0], _loggers, _time));
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
}
