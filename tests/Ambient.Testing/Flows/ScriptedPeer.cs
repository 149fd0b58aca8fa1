using System.Collections.Concurrent;
using System.Net;
using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Identities;
using Ambient.Testing.Transport;
using Ambient.Tls;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;

namespace Ambient.Testing.Flows;

/// <summary>An HBONE server that answers each CONNECT as the test says, by default by relaying it to one address, as gateways and waypoints do.</summary>
public sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly LoopRig _loops = new();
    private readonly HandshakeThreads _threads = new(1);
    private readonly TlsCredentials _credentials;
    private readonly ConnectionRegistry _registry;
    private readonly AcceptLoop _accepting;
    private readonly DialOptions _dial;
    private int _tunnels;

    private ScriptedPeer(IPEndPoint endPoint, TlsCredentials credentials, NetworkNamespace? place)
    {
        _credentials = credentials;
        _dial = DialOptions.Default with { Namespace = place };
        ListenResult listening = ListenSocket.Open(new TcpListenerSpec(endPoint) { Namespace = place });
        _registry = new ConnectionRegistry(_loops.Group);
        _accepting = new AcceptLoop(
            listening.Socket ?? throw new InvalidOperationException(listening.Failure!.Message), _loops.Group, _registry, AcceptAsync);
        _accepting.Start();
    }

    /// <summary>Every CONNECT, in the order of arrival.</summary>
    public ConcurrentQueue<ConnectSeen> Seen { get; } = new();

    /// <summary>Tunnels accepted so far.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    /// <summary>Where a stream is relayed to.</summary>
    public IPEndPoint? RelayTo { get; set; }

    /// <summary>Answered in place of a relay; 200 relays.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Header fields of the answer.</summary>
    public IReadOnlyList<(string Name, string Value)> Answer { get; set; } = [];

    /// <summary>Leaves a request without an answer.</summary>
    public bool IsSilent { get; set; }

    /// <param name="endPoint">Where it listens.</param>
    /// <param name="account">Its service account, in namespace shop.</param>
    /// <param name="rootDirectory">Of the local root that its certificate is from.</param>
    /// <param name="place">Of its sockets; null is the process's own.</param>
    public static async Task<ScriptedPeer> StartAsync(IPEndPoint endPoint, string account, string rootDirectory, NetworkNamespace? place = null)
    {
        using LocalIssuer issuer = await LocalIssuer.OpenAsync(rootDirectory, TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        WorkloadCertificate certificate = await issuer.FetchAsync(new SpiffeId("cluster.local", "shop", account), CancellationToken.None);
        return new ScriptedPeer(endPoint, certificate.CreateCredentials(TlsOptions.Default), place);
    }

    /// <summary>Cuts every tunnel at once.</summary>
    public Task CutAsync() => _registry.DrainAsync(TimeSpan.Zero);

    public async ValueTask DisposeAsync()
    {
        _accepting.Stop();
        await CutAsync();
        await _loops.DisposeAsync();
        _threads.Dispose();
        _credentials.Dispose();
    }

    private async ValueTask AcceptAsync(LoopSocket socket)
    {
        HboneConnectResult accepted = await new HboneServer(HboneOptions.Default, _threads).AcceptAsync(socket, _credentials, static _ => null);
        if (accepted.Connection is not { } connection)
        {
            return;
        }

        Interlocked.Increment(ref _tunnels);
        List<Task> streams = [];
        while (await connection.AcceptAsync() is { } stream)
        {
            streams.Add(ServeAsync(stream));
        }

        await Task.WhenAll(streams);
    }

    private async Task ServeAsync(TunnelStream stream)
    {
        using (stream)
        {
            Http2Headers request = stream.TakeRequest();
            Seen.Enqueue(new ConnectSeen(
                request.Authority,
                request.Find("x-forwarded-network"u8),
                request.Find("baggage"u8),
                request.Find("forwarded"u8),
                request.Find("traceparent"u8),
                PeerIdentity.SourceOf(stream.Connection.Peer.UriSans)?.ToString()));
            if (IsSilent)
            {
                await stream.WaitReceivedAsync();
                return;
            }

            Http2Headers headers = new();
            foreach ((string name, string value) in Answer)
            {
                headers.Add(name, value);
            }

            DialResult dialled = Status == 200 ? await TcpDialer.ConnectAsync(stream.Loop, RelayTo!, _dial) : default;
            if (dialled.Socket is not { } upstream)
            {
                stream.Respond(Status == 200 ? 503 : Status, headers, endStream: true);
                return;
            }

            using (upstream)
            {
                stream.Respond(200, headers, endStream: false);
                await TunnelCopier.CopyAsync(upstream, stream, new TrafficCounters(), isSocketDownstream: false);
            }
        }
    }
}
