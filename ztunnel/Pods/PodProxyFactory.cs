using Ambient.Hbone;
using Ambient.Mesh.State;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.OnDemand;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Passthrough;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Ztunnel.Pods;

/// <summary>Puts a pod's proxy together from what all pods share: loops, mesh state, certificates, tunnels' two ends, telemetry.</summary>
internal sealed class PodProxyFactory
{
    private readonly ToldSources _told = new();

    public required EventLoopGroup Loops { get; init; }

    public required MeshStore Mesh { get; init; }

    /// <summary>The same for decisions: asked for what it does not hold, where it is learnt on demand.</summary>
    public required DemandedMesh Demanded { get; init; }

    public required WorkloadCredentials Credentials { get; init; }

    public required HboneClient Client { get; init; }

    public required HboneServer Server { get; init; }

    /// <summary>Resolves workloads that have a host name only.</summary>
    public required HostnameResolver Names { get; init; }

    public required ConnectionReporter Reporter { get; init; }

    public required SocketGauge Gauge { get; init; }

    public required ZtunnelOptions Options { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Listeners beside the three that every pod has.</summary>
    public IReadOnlyList<IPodListenerKind> MoreListeners { get; init; } = [];

    private OwnPorts Ports => new(Socks: Options.Listeners.Socks is not null) { Moved = Options.Listeners.OwnPorts };

    /// <summary>Opens the pod's listeners in its namespace and starts to serve them: with ENABLE_PROXY=false those of DNS alone.</summary>
    /// <param name="workload">The pod.</param>
    /// <param name="podNamespace">Null is the process's own, as in dedicated mode; taken over unless this throws.</param>
    /// <exception cref="StartException">A listener could not be made; nothing is left behind.</exception>
    public PodProxy Start(WorkloadInfo workload, NetworkNamespace? podNamespace) =>
        Start(workload, podNamespace, Loggers.CreateLogger(LogTargets.Proxy));

    /// <summary>
    /// Starts and ends the proxy of a pod that does not exist: what is done for the first time costs several times what it costs later, and
    /// no pod should wait for that.
    /// </summary>
    /// <param name="place">A namespace with a loopback interface; taken over.</param>
    /// <exception cref="StartException">A listener could not be made.</exception>
    public async Task RehearseAsync(NetworkNamespace place) =>
        await Start(new WorkloadInfo("rehearsal", "rehearsal", "rehearsal"), place, NullLogger.Instance).DrainAsync(TimeSpan.Zero);

    private PodProxy Start(WorkloadInfo workload, NetworkNamespace? podNamespace, ILogger logger)
    {
        PodParts parts = Build(workload, podNamespace, new PodSockets(podNamespace, Options.Sockets, Options.Listeners));
        return Start(parts, logger, listeners =>
        {
            if (Options.Proxy.Enabled)
            {
                ListenOutbound(listeners, parts);
                ListenInbound(listeners, parts);
                ListenPlaintext(listeners, parts);
            }

            foreach (IPodListenerKind kind in MoreListeners)
            {
                kind.Open(listeners, parts);
            }
        });
    }

    /// <summary>The inbound listener of the proxy's own pod, so that its metrics can be read through the mesh (node-proxy 2.7).</summary>
    /// <exception cref="StartException">The listener could not be made.</exception>
    public PodProxy StartSelf(WorkloadInfo self)
    {
        PodParts parts = Build(self, null, PodSockets.OfTheProxyItself(Options.Sockets, Options.Listeners));
        return Start(parts, Loggers.CreateLogger(LogTargets.Proxy), listeners => ListenInbound(listeners, parts));
    }

    private PodParts Build(WorkloadInfo workload, NetworkNamespace? podNamespace, PodSockets sockets)
    {
        LocalWorkload local = new(Mesh, workload);
        ConnectionTable connections = new();
        ConnectionReporter reporter = Reporter.For(workload);
        ILogger policyLogger = Loggers.CreateLogger(LogTargets.Policy).WithinPod(workload);
        ILogger outboundLogger = Loggers.CreateLogger(LogTargets.Outbound).WithinPod(workload);
        InboundPolicy policy = new(Mesh, connections, policyLogger, Options.Telemetry.AuthorizationAtInfo);
        OutboundRouter router = new(new OutboundRouterOptions(Options.Proxy.Network, Ports));
        DemandedMesh demanded = Demanded.WithOwnLimit();
        OutboundSides outbound = new(
            () => new HboneDialer(Client, Credentials, local, sockets.Dial, BuildPools(), Options.Proxy.Network, outboundLogger),
            dialer => new OutboundConnection(
                local, demanded, router, Names, dialer, new CrossNetworkConnection(dialer, local, _told, connections, reporter), connections, reporter, Gauge));
        return new PodParts(local, podNamespace, sockets, new ConnectionRegistry(Loops), connections, policy, reporter, outbound);
    }

    private PodProxy Start(PodParts parts, ILogger logger, Action<PodListeners> open)
    {
        PodListeners listeners = new(Loops, parts.Registry, logger);
        try
        {
            open(listeners);
        }
        catch
        {
            listeners.Abandon();
            parts.Policy.Dispose();
            throw;
        }

        return new PodProxy(parts, listeners, Loops) { Listening = listeners.Serve() };
    }

    private HbonePool[] BuildPools()
    {
        HbonePoolOptions options = new(Options.Tunnels.MaxStreamsPerConnection, Options.Tunnels.UnusedReleaseTimeout);
        return [.. Loops.Loops.Select(loop => new HbonePool(loop, options))];
    }

    private void ListenOutbound(PodListeners listeners, PodParts parts)
    {
        OutboundListener outbound = new(parts.Outbound.Open());
        listeners.Open(parts.Sockets.Outbound, "outbound", _ => outbound.AcceptAsync);
        foreach (LocalForward forward in Options.Listeners.Forwards)
        {
            listeners.Open(parts.Sockets.Forward(forward.Local), $"forward to {forward.Destination}", _ => outbound.ForwardTo(forward.Destination));
        }
    }

    private void ListenInbound(PodListeners listeners, PodParts parts)
    {
        InboundRouter router = new(new InboundRouterOptions(Options.Proxy.Network, Ports, Options.Proxy.LocalhostAppTunnel)
        {
            PreferredNamespace = Options.Proxy.PreferredServiceNamespace,
        });
        ILogger logger = Loggers.CreateLogger(LogTargets.Inbound).WithinPod(parts.Local.Info);
        DemandedMesh demanded = Demanded.WithOwnLimit();
        InboundReport report = new(Mesh, Options.Proxy, () => parts.Policy.IsLogged, parts.Connections, _told, parts.Reporter, logger);
        listeners.Open(parts.Sockets.Inbound, "inbound", listener =>
        {
            InboundTunnel tunnels = new(parts.Local, demanded, router, parts.Policy, Upstream(parts, listener, logger), report);
            return new InboundListener(parts.Local, Credentials, Server, tunnels, parts.Reporter) { Drain = parts.Registry.Drain, Gauge = Gauge }.AcceptAsync;
        });
    }

    private void ListenPlaintext(PodListeners listeners, PodParts parts)
    {
        ILogger logger = Loggers.CreateLogger(LogTargets.InboundPlaintext).WithinPod(parts.Local.Info);
        listeners.Open(parts.Sockets.Plaintext, "inbound plaintext", listener =>
            new PassthroughConnection(parts.Local, parts.Policy, Upstream(parts, listener, logger), parts.Connections, parts.Reporter)
            {
                OwnPorts = Ports,
                Network = Options.Proxy.Network,
                Gauge = Gauge,
            }.AcceptAsync);
    }

    private static InboundUpstream Upstream(PodParts parts, ListenSocket listener, ILogger logger) => new(parts.Sockets, listener.IsTransparent, logger);
}
