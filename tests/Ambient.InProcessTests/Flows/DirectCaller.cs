using System.Net;
using System.Text;
using Ambient.Certs;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Mesh.Identities;
using Ambient.Testing.Transport;
using Ambient.Tls;
using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Flows;

/// <summary>A client that opens tunnels itself and asks whatever the test wants: a gateway, a waypoint, or a stranger with a certificate.</summary>
internal sealed class DirectCaller : IAsyncDisposable
{
    private readonly LoopRig _loops = new();
    private readonly HandshakeThreads _threads = new(1);
    private readonly TlsCredentials _credentials;

    private DirectCaller(TlsCredentials credentials) => _credentials = credentials;

    public static async Task<DirectCaller> CreateAsync(string rootDirectory, SpiffeId identity)
    {
        using LocalIssuer issuer = await LocalIssuer.OpenAsync(rootDirectory, TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        WorkloadCertificate certificate = await issuer.FetchAsync(identity, CancellationToken.None);
        return new DirectCaller(certificate.CreateCredentials(TlsOptions.Default));
    }

    /// <summary>One CONNECT on a tunnel of its own; says what was answered, and what came back for "hello world" if that was 200.</summary>
    public async Task<DirectAnswer> AskAsync(IPEndPoint hbone, string authority, params (string Name, string Value)[] headers)
    {
        DirectAnswer? answer = null;
        await _loops.RunAsync(async loop => answer = await AskAsync(loop, hbone, authority, headers));
        return answer!;
    }

    public async ValueTask DisposeAsync()
    {
        await _loops.DisposeAsync();
        _threads.Dispose();
        _credentials.Dispose();
    }

    private async Task<DirectAnswer> AskAsync(
        Ambient.Transport.Loops.EventLoop loop, IPEndPoint hbone, string authority, (string Name, string Value)[] headers)
    {
        HboneConnectResult connected = await new HboneClient(HboneOptions.Default, _threads).ConnectAsync(
            loop, hbone, DialOptions.Default, _credentials, static _ => null);
        if (connected.Connection is not { } connection)
        {
            return new DirectAnswer(0, null, connected.Failure!.Message);
        }

        Http2Headers request = Http2Headers.ForConnect(authority);
        foreach ((string name, string value) in headers)
        {
            request.Add(name, value);
        }

        using TunnelStream stream = connection.Open(request)!;
        connection.CloseWhenIdle();
        if (!await stream.WaitResponseAsync())
        {
            return new DirectAnswer(0, null, stream.Failure?.Message ?? string.Empty);
        }

        Http2Headers response = stream.TakeResponse();
        string body = response.Status == 200 ? await ExchangeAsync(loop, stream) : string.Empty;
        return new DirectAnswer(response.Status, response.Find("baggage"u8), body);
    }

    private static async Task<string> ExchangeAsync(Ambient.Transport.Loops.EventLoop loop, TunnelStream stream)
    {
        (LoopSocket own, System.Net.Sockets.Socket peer) = await LoopRig.ConnectPairAsync(loop, IPAddress.Loopback);
        using (peer)
        using (own)
        {
            peer.Send(Encoding.ASCII.GetBytes(Requests.Hello));
            peer.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await TunnelCopier.CopyAsync(own, stream, new TrafficCounters(), isSocketDownstream: true);
            byte[] buffer = new byte[1024];
            return Encoding.ASCII.GetString(buffer, 0, peer.Receive(buffer));
        }
    }
}
