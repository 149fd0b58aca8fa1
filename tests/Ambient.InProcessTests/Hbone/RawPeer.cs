using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Ambient.Testing.Certificates;
using Ambient.Testing.Http2;
using Ambient.Testing.Transport;

namespace Ambient.InProcessTests.Hbone;

/// <summary>The far end of a tunnel by hand: SslStream, and frames written and read as bytes.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly SslStream _tls;
    private readonly CancellationTokenSource _limit = new(LoopRig.Limit);

    private RawPeer(Socket socket, SslStream tls)
    {
        _socket = socket;
        _tls = tls;
    }

    public Stream Stream => _tls;

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>As client of our server, preface and settings sent.</summary>
    public static async Task<RawPeer> ConnectAsync(HboneRig rig)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(rig.TunnelEndPoint);
        RawPeer peer = new(socket, new SslStream(new NetworkStream(socket, ownsSocket: true)));
        await peer._tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "",
                ClientCertificateContext = ContextOf(rig.Client),
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
            peer._limit.Token);
        await peer.SendAsync(FrameBytes.Preface, FrameBytes.Settings());
        return peer;
    }

    /// <summary>As server of the rig's next dial; settings sent, the preface read.</summary>
    public static async Task<RawPeer> AcceptAsync(HboneRig rig, TcpListener listener) =>
        await AcceptAsync(rig, await listener.AcceptSocketAsync().WaitAsync(LoopRig.Limit));

    public static async Task<RawPeer> AcceptAsync(HboneRig rig, Socket socket)
    {
        socket.NoDelay = true;
        RawPeer peer = new(socket, new SslStream(new NetworkStream(socket, ownsSocket: true)));
        await peer._tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = ContextOf(rig.Server),
                ClientCertificateRequired = true,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
            peer._limit.Token);
        await peer.SendAsync(FrameBytes.Settings());
        await peer._tls.ReadExactlyAsync(new byte[24], peer._limit.Token);
        return peer;
    }

    /// <summary>Has the rig dial a scripted server from now on.</summary>
    public static TcpListener ListenFor(HboneRig rig)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        rig.TunnelEndPoint = (IPEndPoint)listener.LocalEndpoint;
        return listener;
    }

    /// <summary>All frames in one write.</summary>
    public async Task SendAsync(params byte[][] frames)
    {
        await _tls.WriteAsync(frames.SelectMany(frame => frame).ToArray(), _limit.Token);
        await _tls.FlushAsync(_limit.Token);
    }

    /// <summary>Null at the end of the connection, in order or not.</summary>
    public async Task<Http2Frame?> ReadAsync()
    {
        byte[] header = new byte[9];
        try
        {
            await _tls.ReadExactlyAsync(header, _limit.Token);
            byte[] payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await _tls.ReadExactlyAsync(payload, _limit.Token);
            return new Http2Frame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
        }
        catch (Exception error) when (error is IOException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Skips frames until one of the type.</summary>
    public async Task<Http2Frame> ReadAsync(int type)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type && !(frame.Type == Http2Frame.Settings && frame.Flags == Http2Frame.Ack))
            {
                return frame;
            }
        }

        throw new EndOfStreamException($"The connection ended before a frame of type {type}.");
    }

    /// <summary>Everything until the connection ends.</summary>
    public async Task<List<Http2Frame>> ReadToEndAsync()
    {
        List<Http2Frame> frames = [];
        while (await ReadAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>As server: waits for the next CONNECT and accepts it.</summary>
    public async Task<int> AnswerNextAsync(string status = "200")
    {
        Http2Frame request = await ReadAsync(Http2Frame.Headers);
        await SendAsync(FrameBytes.Response(request.StreamId, status));
        return request.StreamId;
    }

    /// <summary>TCP RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>FIN without close_notify.</summary>
    public void Truncate() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Bytes that are no TLS record.</summary>
    public async Task SendOutsideTlsAsync(byte[] bytes) => await _socket.SendAsync(bytes);

    public async Task CloseAsync()
    {
        await _tls.ShutdownAsync();
        _socket.Shutdown(SocketShutdown.Send);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _tls.DisposeAsync();
        }
        catch (IOException)
        {
            // The tunnel was broken on purpose.
        }

        _socket.Dispose();
        _limit.Dispose();
    }

    private static SslStreamCertificateContext ContextOf(TestCertificate certificate) =>
        SslStreamCertificateContext.Create(certificate.ToX509(), null, offline: true);
}
