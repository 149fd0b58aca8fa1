using System.Net;
using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
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
    private readonly HandshakeAllowance _handshakes = new();

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
            reporter.Refused(TrafficDirection.Inbound, peer, arrival, local.NotFound);
            return;
        }

        // Who are they? The handshake verifies chain and trust domain, or there is no connection.
        if (!_handshakes.TryEnter())
        {
            reporter.Refused(TrafficDirection.Inbound, peer, arrival, HandshakeAllowance.Refusal);
            return;
        }

        HboneConnectResult accepted = await HandshakeAsync(downstream, workload);
        if (accepted.Connection is not { } connection)
        {
            reporter.Refused(TrafficDirection.Inbound, peer, arrival, accepted.Failure!);
            return;
        }

        // Their requests, each with a life of its own; a drain asks the peer to open no more.
        using IDisposable drain = Drain.Register(
            connection.Loop, static state => ((TunnelConnection)state!).BeginDrain(), connection);
        InboundCaller caller = new(connection.RemoteEndPoint, PeerIdentity.SourceOf(connection.Peer.UriSans));
        RunningStreams running = new();
        while (await connection.AcceptAsync() is { } stream)
        {
            _ = RunAsync(stream, caller, running);
        }

        while (running.Count > 0)
        {
            await running.Ended.WaitAsync();
        }
    }

    /// <summary>An exception is a bug of ours: it ends its own stream, which was disposed on the way here, and is reported.</summary>
    private async Task RunAsync(TunnelStream stream, InboundCaller caller, RunningStreams running)
    {
        running.Count++;
        try
        {
            await tunnels.RunAsync(stream, caller);
        }
        catch (Exception error)
        {
            stream.Loop.Report(error);
        }
        finally
        {
            running.Count--;
            running.Ended.Set();
        }
    }

    private async ValueTask<HboneConnectResult> HandshakeAsync(LoopSocket downstream, Workload workload)
    {
        try
        {
            SpiffeId identity = local.IdentityIn(workload);
            CredentialsResult own = await credentials.GetAsync(identity);
            return own.Credentials is null
                ? new HboneConnectResult(null, own.Failure)
                : await server.AcceptAsync(downstream, own.Credentials, peer => PeerIdentity.CheckClient(identity, peer.UriSans));
        }
        finally
        {
            _handshakes.Leave();
        }
    }

    /// <summary>The streams of one connection that have not ended yet, on its loop.</summary>
    private sealed class RunningStreams
    {
        public int Count { get; set; }

        public LoopSignal Ended { get; } = new();
    }
}
