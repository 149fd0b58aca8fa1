using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.InProcessTests.Flows;

/// <summary>An application that says its banner and then sends everything twice, until the caller has ended its side.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly byte[] _banner;
    private readonly Task _serving;

    public Application(IPEndPoint endPoint, string banner)
    {
        _banner = Encoding.ASCII.GetBytes(banner);
        _listener = new TcpListener(endPoint);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Addresses that called.</summary>
    public ConcurrentQueue<IPEndPoint> Callers { get; } = new();

    /// <summary>When set, it is given each connection in place of the echo.</summary>
    public Func<Socket, Task>? OnConnection { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _listener.AcceptSocketAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            Callers.Enqueue((IPEndPoint)accepted.RemoteEndPoint!);
            _ = RunAsync(accepted);
        }
    }

    private async Task RunAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await (OnConnection is { } handler ? handler(socket) : EchoAsync(socket));
            }
            catch (SocketException)
            {
                // The caller cut the connection, as some tests do on purpose.
                return;
            }
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        await socket.SendAsync(_banner);
        byte[] buffer = new byte[64 * 1024];
        for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
        {
            await socket.SendAsync(buffer.AsMemory(0, read));
            await socket.SendAsync(buffer.AsMemory(0, read));
        }

        socket.Shutdown(SocketShutdown.Send);
    }
}
