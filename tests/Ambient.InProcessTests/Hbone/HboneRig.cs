using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.InProcessTests.Transport;
using Ambient.Testing.Certificates;
using Ambient.Testing.Transport;
using Ambient.Tls;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Hbone;

/// <summary>
/// A pair of proxies in small: application, outbound end with a pool, tunnel on loopback with TLS, inbound end, destination. Application and
/// destination are ordinary sockets. Disposing fails on leaked buffers and on exceptions that reached a loop.
/// </summary>
internal sealed class HboneRig : IAsyncDisposable
{
    public const string ClientId = "spiffe://cluster.local/ns/shop/sa/client";
    public const string ServerId = "spiffe://cluster.local/ns/shop/sa/server";

    private readonly LoopRig _outbound;
    private readonly LoopRig _inbound;
    private readonly Service _front;
    private readonly Service _tunnels;
    private readonly Channel<ConnectionFailure?> _outboundEnds = Channel.CreateUnbounded<ConnectionFailure?>();
    private readonly Channel<ConnectionFailure?> _inboundEnds = Channel.CreateUnbounded<ConnectionFailure?>();
    private readonly Channel<HboneConnectResult> _accepted = Channel.CreateUnbounded<HboneConnectResult>();
    private readonly ConcurrentQueue<Socket> _sockets = new();

    public HboneRig(HboneOptions? options = null, bool sharesLoop = false, HbonePoolOptions? pool = null)
    {
        Options = options ?? HboneOptions.Default;
        Client = Authority.Issue(ClientId);
        Server = Authority.Issue(ServerId);
        ClientCredentials = new TlsCredentials(Client.ChainDer, Client.KeyPkcs8, Client.RootsDer);
        ServerCredentials = new TlsCredentials(Server.ChainDer, Server.KeyPkcs8, Server.RootsDer);
        _outbound = new LoopRig();
        _inbound = sharesLoop ? _outbound : new LoopRig();
        Pool = new HbonePool(_outbound.Loop, pool ?? HbonePoolOptions.Default);
        Destination.Start(1024);
        _tunnels = Service.Start(_inbound, "127.0.0.1:0", AcceptTunnelAsync);
        TunnelEndPoint = _tunnels.EndPoint;
        _front = Service.Start(_outbound, "127.0.0.1:0", RunOutboundAsync);
    }

    public HboneOptions Options { get; }

    public TestAuthority Authority { get; } = TestAuthority.CreateRoot();

    public TestCertificate Client { get; }

    public TestCertificate Server { get; }

    public TlsCredentials ClientCredentials { get; }

    public TlsCredentials ServerCredentials { get; }

    public HandshakeThreads Threads { get; init; } = new(1);

    public HbonePool Pool { get; }

    public TcpListener Destination { get; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the outbound end opens tunnels to; a scripted peer may take the place of our server.</summary>
    public IPEndPoint TunnelEndPoint { get; set; }

    public IPEndPoint OwnTunnelEndPoint => _tunnels.EndPoint;

    /// <summary>Serves streams in place of the copy to <see cref="Destination"/>.</summary>
    public Func<TunnelStream, ValueTask>? OnStream { get; set; }

    /// <summary>What the client's check of the server says; null accepts.</summary>
    public TlsPeerCheck CheckServer { get; set; } = static _ => null;

    public EventLoop OutboundLoop => _outbound.Loop;

    public EventLoop InboundLoop => _inbound.Loop;

    /// <summary>An application's connection, accepted by the outbound end.</summary>
    public async Task<Socket> ConnectAppAsync()
    {
        Socket socket = await _front.ConnectAsync(IPAddress.Loopback);
        socket.NoDelay = true;
        _sockets.Enqueue(socket);
        return socket;
    }

    /// <summary>A connection that arrived at the destination.</summary>
    public async Task<Socket> AcceptAtDestinationAsync()
    {
        Socket socket = await Destination.AcceptSocketAsync().WaitAsync(LoopRig.Limit);
        _sockets.Enqueue(socket);
        return socket;
    }

    public async Task<(Socket App, Socket Destination)> ConnectThroughAsync()
    {
        Socket app = await ConnectAppAsync();
        return (app, await AcceptAtDestinationAsync());
    }

    /// <summary>How the next copy of the outbound end ended, its opening included.</summary>
    public Task<ConnectionFailure?> OutboundEndAsync() => Read(_outboundEnds);

    public Task<ConnectionFailure?> InboundEndAsync() => Read(_inboundEnds);

    /// <summary>The next tunnel that the inbound end accepted or refused.</summary>
    public Task<HboneConnectResult> AcceptedTunnelAsync() => Read(_accepted);

    public Task OnOutboundAsync(Func<Task> story) => _outbound.RunAsync(_ => story());

    public Task OnInboundAsync(Func<Task> story) => _inbound.RunAsync(_ => story());

    public Task OnInboundAsync(Action action) => OnInboundAsync(() =>
    {
        action();
        return Task.CompletedTask;
    });

    public Task OnOutboundAsync(Action action) => OnOutboundAsync(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>The tunnels that the outbound end opened.</summary>
    public ConcurrentQueue<TunnelConnection> Dialled { get; } = new();

    public async ValueTask<HboneConnectResult> DialAsync()
    {
        var client = new HboneClient(Options, Threads);
        HboneConnectResult result = await client.ConnectAsync(
            _outbound.Loop, TunnelEndPoint, DialOptions.Default, ClientCredentials, peer => CheckServer(peer));
        if (result.Connection is { } connection)
        {
            Dialled.Enqueue(connection);
        }

        return result;
    }

    public HbonePoolKey Key(string source = "10.1.0.1") => new(ClientId, [ServerId], TunnelEndPoint, IPAddress.Parse(source));

    public Task<HboneOpenResult> OpenAsync(string source = "10.1.0.1") =>
        Pool.OpenAsync(Key(source), Http2Headers.ForConnect(Destination.LocalEndpoint.ToString()!), DialAsync).AsTask();

    /// <summary>Cuts the applications' connections at once.</summary>
    public Task<DrainOutcome> DrainApplicationsAsync() => _front.Registry.DrainAsync(TimeSpan.Zero);

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        Destination.Dispose();
        _front.Dispose();
        _tunnels.Dispose();
        await OnOutboundAsync(Pool.Dispose);
        await _front.Registry.DrainAsync(TimeSpan.Zero);
        await _tunnels.Registry.DrainAsync(TimeSpan.Zero);
        await _outbound.DisposeAsync();
        if (_inbound != _outbound)
        {
            await _inbound.DisposeAsync();
        }

        Threads.Dispose();
        ClientCredentials.Dispose();
        ServerCredentials.Dispose();
        Authority.Dispose();
    }

    private static async Task<T> Read<T>(Channel<T> channel)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        return await channel.Reader.ReadAsync(limit.Token);
    }

    private async ValueTask RunOutboundAsync(LoopSocket downstream)
    {
        HboneOpenResult opened = await Pool.OpenAsync(
            Key(), Http2Headers.ForConnect(Destination.LocalEndpoint.ToString()!), DialAsync, downstream);
        if (opened.Stream is not { } stream)
        {
            _outboundEnds.Writer.TryWrite(opened.Failure);
            return;
        }

        using (stream)
        {
            _outboundEnds.Writer.TryWrite(await TunnelCopier.CopyAsync(downstream, stream, new TrafficCounters(), isSocketDownstream: true));
        }
    }

    private async ValueTask AcceptTunnelAsync(LoopSocket socket)
    {
        HboneConnectResult accepted = await new HboneServer(Options, Threads).AcceptAsync(socket, ServerCredentials, static _ => null);
        _accepted.Writer.TryWrite(accepted);
        if (accepted.Connection is not { } connection)
        {
            return;
        }

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
            if (OnStream is { } handler)
            {
                await handler(stream);
                return;
            }

            var endPoint = (IPEndPoint)Destination.LocalEndpoint;
            DialResult dialled = await TcpDialer.ConnectAsync(stream.Loop, endPoint, DialOptions.Default);
            if (dialled.Socket is not { } upstream)
            {
                stream.Respond(503, new Http2Headers(), endStream: true);
                return;
            }

            using (upstream)
            {
                stream.Respond(200, new Http2Headers(), endStream: false);
                _inboundEnds.Writer.TryWrite(await TunnelCopier.CopyAsync(upstream, stream, new TrafficCounters(), isSocketDownstream: false));
            }
        }
    }
}
