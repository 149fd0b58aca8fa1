using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone;

/// <summary>Accepts tunnels: TLS handshake with the client's certificate, then HTTP/2. Requests are pulled from the connection.</summary>
public sealed class HboneServer
{
    private readonly HboneOptions _options;
    private readonly HandshakeThreads _threads;

    public HboneServer(HboneOptions options, HandshakeThreads threads)
    {
        _options = options;
        _threads = threads;
    }

    /// <summary>Takes over an accepted socket; on failure it is closed.</summary>
    public async ValueTask<HboneConnectResult> AcceptAsync(LoopSocket socket, TlsCredentials credentials, TlsPeerCheck check)
    {
        using TlsHandshake handshake = TlsHandshake.ForServer(credentials, check);
        HboneConnectResult accepted = await TunnelHandshake.CompleteAsync(socket, handshake, _threads, Http2Role.Server, _options);
        return accepted.Failure is { Side: FailureSide.Upstream } failure
            ? new HboneConnectResult(null, failure with { Side = FailureSide.Downstream })
            : accepted;
    }
}
