using System.Net;
using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Testing.Certificates;
using Ambient.Testing.Transport;
using Ambient.Tls;
using Ambient.Transport.Copying;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Microbenchmarks.Copying;

/// <summary>Both ends of a tunnel in this process, each on a loop of its own: TLS, HTTP/2 and the copy, without routing and policy.</summary>
internal sealed class TunnelRelay : IAsyncDisposable
{
    private readonly LoopRig _outbound = new();
    private readonly LoopRig _inbound = new();
    private readonly HandshakeThreads _threads = new(1);
    private readonly TestAuthority _authority = TestAuthority.CreateRoot();
    private readonly TlsCredentials _client;
    private readonly TlsCredentials _server;
    private readonly ConnectionRegistry _registry;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly AcceptLoop _tunnels;
    private readonly IPEndPoint _tunnelEndPoint;
    private Task _copy = Task.CompletedTask;

    private TunnelRelay()
    {
        _client = Credentials("spiffe://cluster.local/ns/shop/sa/client");
        _server = Credentials("spiffe://cluster.local/ns/shop/sa/server");
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        ListenResult tunnels = ListenSocket.Open(new TcpListenerSpec(new IPEndPoint(IPAddress.Loopback, 0)));
        ListenSocket socket = tunnels.Socket ?? throw new InvalidOperationException(tunnels.Failure!.Message);
        _tunnelEndPoint = socket.LocalEndPoint;
        _registry = new ConnectionRegistry(_inbound.Group);
        _tunnels = new AcceptLoop(socket, _inbound.Group, _registry, ServeTunnelAsync);
        _tunnels.Start();
    }

    public Passage Passage { get; private set; } = null!;

    public static async Task<TunnelRelay> StartAsync()
    {
        TunnelRelay relay = new();
        TaskCompletionSource<Socket> application = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await relay._outbound.RunAsync(loop =>
        {
            relay._copy = relay.RunOutboundAsync(loop, application);
            return Task.CompletedTask;
        });
        // A relay that cannot start ends without an application's socket; its failure is the one to report.
        await await Task.WhenAny(relay._copy, application.Task);
        Socket destination = await relay._listener.AcceptAsync();
        destination.NoDelay = true;
        relay.Passage = new Passage(await application.Task, destination);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        Passage.Dispose();
        await _copy;
        _listener.Dispose();
        _tunnels.Stop();
        await _registry.DrainAsync(TimeSpan.Zero);
        await _outbound.DisposeAsync();
        await _inbound.DisposeAsync();
        _threads.Dispose();
        _client.Dispose();
        _server.Dispose();
        _authority.Dispose();
    }

    private TlsCredentials Credentials(string identity)
    {
        TestCertificate certificate = _authority.Issue(identity);
        return new TlsCredentials(certificate.ChainDer, certificate.KeyPkcs8, certificate.RootsDer);
    }

    private async Task RunOutboundAsync(EventLoop loop, TaskCompletionSource<Socket> started)
    {
        HboneClient client = new(HboneOptions.Default, _threads);
        HboneConnectResult connected = await client.ConnectAsync(loop, _tunnelEndPoint, DialOptions.Default, _client, static _ => null);
        using TunnelConnection connection = connected.Connection ?? throw new InvalidOperationException(connected.Failure!.Message);
        (LoopSocket downstream, Socket application) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
        application.NoDelay = true;
        HbonePool pool = new(loop, HbonePoolOptions.Default);
        HboneOpenResult opened = await pool.OpenAsync(
            new HbonePoolKey("client", ["server"], _tunnelEndPoint, IPAddress.Loopback),
            Http2Headers.ForConnect(_listener.LocalEndPoint!.ToString()!),
            () => ValueTask.FromResult(connected));
        using (pool)
        using (downstream)
        using (TunnelStream stream = opened.Stream ?? throw new InvalidOperationException(opened.Failure!.Message))
        {
            started.SetResult(application);
            await TunnelCopier.CopyAsync(downstream, stream, new TrafficCounters(), isSocketDownstream: true);
        }
    }

    private async ValueTask ServeTunnelAsync(LoopSocket socket)
    {
        HboneConnectResult accepted = await new HboneServer(HboneOptions.Default, _threads).AcceptAsync(socket, _server, static _ => null);
        if (accepted.Connection is { } connection && await connection.AcceptAsync() is { } stream)
        {
            using (stream)
            {
                DialResult dialled = await TcpDialer.ConnectAsync(stream.Loop, (IPEndPoint)_listener.LocalEndPoint!, DialOptions.Default);
                using LoopSocket upstream = dialled.Socket ?? throw new InvalidOperationException(dialled.Failure!.Message);
                stream.Respond(200, new Http2Headers(), endStream: false);
                await TunnelCopier.CopyAsync(upstream, stream, new TrafficCounters(), isSocketDownstream: false);
            }

            await connection.AcceptAsync();
        }
    }
}
