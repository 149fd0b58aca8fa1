using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Passthrough;

/// <summary>
/// Port 15006: the life of one plaintext connection to the pod, from a caller without an identity (node-proxy 2.5). Strict mTLS is a policy
/// that denies callers without one.
/// </summary>
internal sealed class PassthroughConnection(
    LocalWorkload local, InboundPolicy policy, InboundUpstream upstreams, ConnectionTable connections, ConnectionReporter reporter)
{
    public required OwnPorts OwnPorts { get; init; }

    public required string Network { get; init; }

    public required SocketGauge Gauge { get; init; }

    public async ValueTask AcceptAsync(LoopSocket downstream)
    {
        Gauge.Opened(TrafficDirection.Inbound);
        try
        {
            await RunAsync(downstream, OriginalDestination.Get(downstream));
        }
        finally
        {
            Gauge.Closed(TrafficDirection.Inbound);
        }
    }

    private async ValueTask RunAsync(LoopSocket downstream, IPEndPoint destination)
    {
        IPEndPoint caller = downstream.RemoteEndPoint;

        // Is it for an application, and not for ourselves?
        if (OwnPorts.Contains(destination.Port))
        {
            reporter.Refused(TrafficDirection.Inbound, caller, destination, OwnPorts.Refusal);
            return;
        }

        if (await local.FindAsync() is not { } workload)
        {
            reporter.Refused(TrafficDirection.Inbound, caller, destination, local.NotFound);
            return;
        }

        // From here on the connection is accounted, whatever becomes of it.
        ConnectionTraffic traffic = new();
        using ConnectionRecord record = reporter.Open(Describe(workload, caller, destination), traffic);
        using TrackedConnection tracked = Track(downstream, workload, destination);

        // May it pass? Then connect to the application and copy until both ends are done.
        ConnectionFailure? failure = policy.Authorize(tracked) ?? await RelayAsync(downstream, destination, tracked, traffic);
        record.Complete(downstream.AbortReason ?? failure);
    }

    private async ValueTask<ConnectionFailure?> RelayAsync(LoopSocket downstream, IPEndPoint destination, TrackedConnection tracked, TrafficCounters counters)
    {
        DialResult dialled = await upstreams.ConnectPlainAsync(downstream.Loop, destination, tracked);
        if (dialled.Socket is not { } upstream)
        {
            return dialled.Failure! with { Message = $"connection failed: {dialled.Failure.Message}" };
        }

        using (upstream)
        {
            return (await SocketCopier.CopyAsync(downstream, upstream, counters)).Failure;
        }
    }

    private ConnectionDescription Describe(Workload workload, IPEndPoint caller, IPEndPoint destination)
    {
        MeshSnapshot mesh = local.Snapshot;
        WorkloadDescription? described = WorkloadDescriptions.Of(workload);
        return new ConnectionDescription(
            TrafficDirection.Inbound,
            caller,
            WorkloadDescriptions.Of(mesh.FindWorkload(Network, MeshIp.From(caller.Address))),
            SourceIdentity: null,
            destination,
            HboneAddress: null,
            WorkloadDescriptions.Of(DestinationServiceChoice.ForPort(mesh, workload, destination.Port)),
            described,
            described?.Identity,
            IsMutualTls: false);
    }

    private TrackedConnection Track(LoopSocket downstream, Workload workload, IPEndPoint destination)
    {
        TrackedConnection tracked = new(connections, downstream.Loop, TrafficDirection.Inbound, downstream.RemoteEndPoint)
        {
            ActualDestination = destination,
            Protocol = PodConnectionProtocol.Tcp,
            Destination = workload,
            Request = InboundAuthorizer.ForPlaintext(downstream.RemoteEndPoint, destination),
            Trace = policy.IsLogged ? TrackedConnection.Keep(null) : null,
            Close = downstream.Abort,
        };
        connections.Add(tracked);
        return tracked;
    }
}
