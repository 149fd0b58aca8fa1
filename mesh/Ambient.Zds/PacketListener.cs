using System.Net.Sockets;

namespace Ambient.Zds;

/// <summary>The node agent's end of the socket file (node-proxy 6.1).</summary>
public sealed class PacketListener : IDisposable
{
    private const int Backlog = 16;

    private readonly Socket _socket;
    private readonly string _path;

    private PacketListener(Socket socket, string path)
    {
        _socket = socket;
        _path = path;
    }

    /// <summary>Listens on <paramref name="path"/>; a file that a former agent left there is replaced.</summary>
    /// <exception cref="SocketException">The file cannot be made.</exception>
    public static PacketListener Open(string path)
    {
        Socket socket = PacketSocket.NewSocket();
        try
        {
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen(Backlog);
            return new PacketListener(socket, path);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="SocketException">The listener was disposed.</exception>
    public async Task<PacketSocket> AcceptAsync(CancellationToken cancellation) => new(await _socket.AcceptAsync(cancellation));

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }
}
