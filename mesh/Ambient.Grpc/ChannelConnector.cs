using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Ambient.Grpc;

/// <summary>Makes the connections of a channel: TCP with keepalive, and TLS with options made for this very connection.</summary>
internal sealed class ChannelConnector(GrpcChannelOptions options)
{
    // node-proxy 3.1.
    private const int KeepaliveIdleSeconds = 300;
    private const int KeepaliveIntervalSeconds = 75;
    private const int KeepaliveProbes = 9;

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepaliveIdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepaliveIntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepaliveProbes);
            await socket.ConnectAsync(endPoint, cancellation);
            NetworkStream stream = new(socket, ownsSocket: true);
            return options.Address.Scheme == Uri.UriSchemeHttps ? await SecureAsync(stream, cancellation) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream stream, CancellationToken cancellation)
    {
        SslClientAuthenticationOptions tls = options.Tls!();
        tls.TargetHost ??= options.Address.IdnHost;
        tls.ApplicationProtocols = [SslApplicationProtocol.Http2];
        SslStream secured = new(stream, leaveInnerStreamOpen: false);
        try
        {
            await secured.AuthenticateAsClientAsync(tls, cancellation);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }
}
