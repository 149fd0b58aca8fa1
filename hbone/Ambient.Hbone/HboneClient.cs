using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone;

/// <summary>Opens tunnels: TCP connect, TLS handshake with the identity check, HTTP/2 preface.</summary>
public sealed class HboneClient
{
    private readonly HboneOptions _options;
    private readonly HandshakeThreads _threads;

    public HboneClient(HboneOptions options, HandshakeThreads threads)
    {
        _options = options;
        _threads = threads;
    }

    /// <summary>Connects to a peer's HBONE port; <paramref name="check"/> sees its verified certificate.</summary>
    public async ValueTask<HboneConnectResult> ConnectAsync(
        EventLoop loop, IPEndPoint destination, DialOptions dial, TlsCredentials credentials, TlsPeerCheck check)
    {
        // Before the wait for the connect: the credentials may be replaced, and disposed, while it lasts.
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, check);
        DialResult dialled = await TcpDialer.ConnectAsync(loop, destination, dial);
        return dialled.Socket is { } socket
            ? await TunnelHandshake.CompleteAsync(socket, handshake, _threads, Http2Role.Client, _options)
            : new HboneConnectResult(null, Explain(dialled.Failure!));
    }

    private static ConnectionFailure Explain(ConnectionFailure failure) => failure.Reason == FailureReason.TimedOut
        ? failure with
        {
            Reason = FailureReason.NetworkPolicy,
            Message = $"connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: {failure.Message}",
            Hint = "Allow TCP 15008 to the destination pod in every NetworkPolicy that selects it.",
        }
        : failure with { Message = $"connection failed: {failure.Message}" };
}
