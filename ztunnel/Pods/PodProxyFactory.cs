using Ambient.Hbone;
using Ambient.Mesh.State;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Passthrough;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>Puts a pod's proxy together from what all pods share: loops, mesh state, certificates, tunnels' two ends, telemetry.</summary>
internal sealed class PodProxyFactory
{
    private readonly ToldSources _told = new();

    public required EventLoopGroup Loops { get; init; }

    public required MeshStore Mesh { get; init; }

    /// <summary>Asked for addresses that the mesh state does not hold.</summary>
    public required IOnDemandResources OnDemand { get; init; }

    public required WorkloadCredentials Credentials { get; init; }

    public required HboneClient Client { get; init; }

    public required HboneServer Server { get; init; }

    public required ConnectionReporter Reporter { get; init; }

    public required SocketGauge Gauge { get; init; }

    public required ZtunnelOptions Options { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    private OwnPorts Ports => new(Socks: false) { Moved = Options.Listeners.OwnPorts };

    /// <summary>Opens the pod's listeners in its namespace and starts to serve them.</summary>
    /// <param name="workload">The pod.</param>
    /// <param name="podNamespace">Null is the process's own, as in dedicated mode; taken over.</param>
    /// <exception cref="StartException">A listener could not be made; nothing is left behind.</exception>
    public PodProxy Start(WorkloadInfo workload, NetworkNamespace? podNamespace)
    {
        PodSockets sockets = new(podNamespace, Options.Sockets, Options.Listeners);
        LocalWorkload local = new(Mesh, workload, OnDemand);
        ConnectionTable connections = new();
        ConnectionRegistry registry = new(Loops);
        HboneDialer dialer = new(Client, Credentials, local, sockets.Dial, BuildPools());
        InboundPolicy policy = new(Mesh, connections, Loggers.CreateLogger(LogTargets.Policy), Options.Telemetry.AuthorizationAtInfo);
        PodListeners listeners = new(Loops, registry, Loggers.CreateLogger(LogTargets.Proxy));
        try
        {
            ListenOutbound(listeners, sockets, new OutboundListener(BuildOutbound(local, dialer, connections), Gauge));
            ListenInbound(listeners, sockets, local, connections, policy, registry);
            ListenPlaintext(listeners, sockets, local, connections, policy);
        }
        catch
        {
            listeners.Abandon();
            policy.Dispose();
            podNamespace?.Dispose();
            throw;
        }

        return new PodProxy(registry, connections, dialer, policy, podNamespace, Loops) { Listening = listeners.Serve() };
    }

    private HbonePool[] BuildPools()
    {
        HbonePoolOptions options = new(Options.Tunnels.MaxStreamsPerConnection, Options.Tunnels.UnusedReleaseTimeout);
        return [.. Loops.Loops.Select(loop => new HbonePool(loop, options))];
    }

    private OutboundConnection BuildOutbound(LocalWorkload local, HboneDialer dialer, ConnectionTable connections) =>
        new(local, new OutboundRouter(new OutboundRouterOptions(Options.Proxy.Network, Ports)), dialer, connections, Reporter);

    private void ListenOutbound(PodListeners listeners, PodSockets sockets, OutboundListener outbound)
    {
        listeners.Open(sockets.Outbound, "outbound", _ => outbound.AcceptAsync);
        foreach (LocalForward forward in Options.Listeners.Forwards)
        {
            listeners.Open(sockets.Forward(forward.Local), $"forward to {forward.Destination}", _ => outbound.ForwardTo(forward.Destination));
        }
    }

    private void ListenInbound(
        PodListeners listeners, PodSockets sockets, LocalWorkload local, ConnectionTable connections, InboundPolicy policy, ConnectionRegistry registry)
    {
        InboundRouter router = new(new InboundRouterOptions(Options.Proxy.Network, Ports, Options.Proxy.LocalhostAppTunnel));
        InboundReport report = new(Mesh, Options.Proxy, connections, _told, Reporter);
        listeners.Open(sockets.Inbound, "inbound", listener =>
        {
            InboundTunnel tunnels = new(local, router, policy, Upstream(sockets, listener), report);
            return new InboundListener(local, Credentials, Server, tunnels, Reporter) { Drain = registry.Drain, Gauge = Gauge }.AcceptAsync;
        });
    }

    private void ListenPlaintext(
        PodListeners listeners, PodSockets sockets, LocalWorkload local, ConnectionTable connections, InboundPolicy policy) =>
        listeners.Open(sockets.Plaintext, "inbound plaintext", listener =>
            new PassthroughConnection(local, policy, Upstream(sockets, listener), connections, Reporter)
            {
                OwnPorts = Ports,
                Network = Options.Proxy.Network,
                Gauge = Gauge,
            }.AcceptAsync);

    private InboundUpstream Upstream(PodSockets sockets, ListenSocket listener) =>
        new(sockets, listener.IsTransparent, Loggers.CreateLogger(LogTargets.Inbound));
}
