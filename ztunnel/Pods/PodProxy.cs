using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Pods;

/// <summary>The listeners of one pod and everything that runs behind them, from start to drain (node-proxy 6.5, 10.2).</summary>
internal sealed class PodProxy
{
    private readonly ConnectionRegistry _registry;
    private readonly ConnectionTable _connections;
    private readonly HboneDialer _dialer;
    private readonly InboundPolicy _policy;
    private readonly NetworkNamespace? _namespace;
    private readonly EventLoopGroup _loops;

    public PodProxy(
        ConnectionRegistry registry, ConnectionTable connections, HboneDialer dialer, InboundPolicy policy, NetworkNamespace? podNamespace, EventLoopGroup loops)
    {
        _registry = registry;
        _connections = connections;
        _dialer = dialer;
        _policy = policy;
        _namespace = podNamespace;
        _loops = loops;
    }

    /// <summary>Inode and device tell whether a pod of the same uid is still the same sandbox (node-proxy 6.4).</summary>
    public NetworkNamespace? Namespace => _namespace;

    /// <summary>Completes with the failure that killed a listener, or with null once all have stopped.</summary>
    public required Task<ConnectionFailure?> Listening { get; init; }

    public PodState Describe(string uid, WorkloadInfo workload) => new(
        uid, workload, IsUp: true, _connections.Snapshot(TrafficDirection.Inbound), _connections.Snapshot(TrafficDirection.Outbound));

    /// <summary>Stops accepting at once, lets connections end on their own until the deadline, then cuts the rest; zero cuts at once.</summary>
    public async Task<DrainOutcome> DrainAsync(TimeSpan deadline)
    {
        DrainOutcome outcome = await _registry.DrainAsync(deadline);
        _dialer.Release(_loops);
        _policy.Dispose();
        _namespace?.Dispose();
        return outcome;
    }
}
