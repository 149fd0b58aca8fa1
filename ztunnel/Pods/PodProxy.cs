using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Namespaces;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Pods;

/// <summary>The listeners of one pod and everything that runs behind them, from start to drain (node-proxy 6.5, 10.2).</summary>
internal sealed class PodProxy(PodParts parts, PodListeners listeners, EventLoopGroup loops)
{
    /// <summary>Inode and device tell whether a pod of the same uid is still the same sandbox (node-proxy 6.4).</summary>
    public NetworkNamespace? Namespace => parts.Namespace;

    /// <summary>Completes with the failure that killed a listener, or with null once all have stopped.</summary>
    public required Task<ConnectionFailure?> Listening { get; init; }

    public PodState Describe(string uid, WorkloadInfo workload) => new(
        uid, workload, IsUp: true, parts.Connections.Snapshot(TrafficDirection.Inbound), parts.Connections.Snapshot(TrafficDirection.Outbound));

    /// <summary>Stops accepting at once, lets connections end on their own until the deadline, then cuts the rest; zero cuts at once.</summary>
    public async Task<DrainOutcome> DrainAsync(TimeSpan deadline)
    {
        try
        {
            Task<DrainOutcome> draining = parts.Registry.DrainAsync(deadline);
            await listeners.EndServicesAsync(deadline);
            return await draining;
        }
        finally
        {
            parts.Outbound.Release(loops);
            parts.Policy.Dispose();
            parts.Namespace?.Dispose();
        }
    }
}
