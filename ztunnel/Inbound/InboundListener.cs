using System.Net;
using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// Port 15008: the life of one tunnel that a peer opened to the pod. Handshake with the pod's certificate, then one <see cref="InboundTunnel"/>
/// for each CONNECT, until the peer or a drain ends it (node-proxy 2.4).
/// </summary>
internal sealed class InboundListener(
    LocalWorkload local, WorkloadCredentials credentials, HboneServer server, InboundTunnel tunnels, ConnectionReporter reporter)
{
    public required DrainSignal Drain { get; init; }

    public required SocketGauge Gauge { get; init; }

    public async ValueTask AcceptAsync(LoopSocket downstream)
    {
        Gauge.Opened(TrafficDirection.Inbound);
        try
        {
            await RunAsync(downstream);
        }
        finally
        {
            Gauge.Closed(TrafficDirection.Inbound);
        }
    }

    private async ValueTask RunAsync(LoopSocket downstream)
    {
        IPEndPoint peer = downstream.RemoteEndPoint;
        IPEndPoint arrival = downstream.LocalEndPoint;

        // Who are we? The certificate of the pod as the mesh knows it now.
        if (await local.FindAsync() is not { } workload)
        {
            reporter.Refused(TrafficDirection.Inbound, peer, arrival, local.NotFoundError, Hints.LocalWorkload);
            return;
        }

        // Who are they? The handshake verifies chain and trust domain, or there is no connection.
        HboneConnectResult accepted = await HandshakeAsync(downstream, workload);
        if (accepted.Connection is not { } connection)
        {
            reporter.Refused(TrafficDirection.Inbound, peer, arrival, accepted.Failure!.Message, accepted.Failure.Hint);
            return;
        }

        // Their requests, each with a life of its own; a drain asks the peer to open no more.
        using IDisposable drain = Drain.Register(
            connection.Loop, static state => ((TunnelConnection)state!).BeginDrain(), connection);
        SpiffeId? caller = PeerIdentity.SourceOf(connection.Peer.UriSans);
        List<Task> streams = [];
        while (await connection.AcceptAsync() is { } stream)
        {
            streams.RemoveAll(static task => task.IsCompleted);
            streams.Add(tunnels.RunAsync(stream, caller));
        }

        await Task.WhenAll(streams);
    }

    private async ValueTask<HboneConnectResult> HandshakeAsync(LoopSocket downstream, Workload workload)
    {
        SpiffeId identity = local.IdentityIn(workload);
        CredentialsResult own = await credentials.GetAsync(identity);
        return own.Credentials is null
            ? new HboneConnectResult(null, own.Failure)
            : await server.AcceptAsync(downstream, own.Credentials, peer => PeerIdentity.CheckClient(identity, peer.UriSans));
    }
}
