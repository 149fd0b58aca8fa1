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
        DialResult dialled = await TcpDialer.ConnectAsync(loop, destination, dial);
        if (dialled.Socket is not { } socket)
        {
            return new HboneConnectResult(null, Explain(dialled.Failure!));
        }

        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, check);
        ConnectionFailure? failure = await TunnelHandshake.RunAsync(socket, handshake, _threads, _options.HandshakeTimeout);
        if (failure is not null)
        {
            socket.Dispose();
            return new HboneConnectResult(null, failure);
        }

        TunnelConnection connection = new(socket, handshake.TakeSession(), handshake.Leftover.Span, Http2Role.Client, _options.Client);
        connection.Start();
        return new HboneConnectResult(connection, null);
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
