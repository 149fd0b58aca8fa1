using System.Net;
using System.Net.Sockets;

namespace Ambient.InProcessTests.Hbone;

/// <summary>A TCP relay for one connection that flips a byte, drops some, or cuts the connection at a place that the seed decides.</summary>
internal sealed class Meddler : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly Task _relaying;
    private int _left;

    public Meddler(IPEndPoint target, Random random)
    {
        _target = target;
        _random = random;
        _left = random.Next(25_000);
        _listener.Start();
        _relaying = RelayAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _relaying;
    }

    private async Task RelayAsync()
    {
        try
        {
            using Socket near = await _listener.AcceptSocketAsync();
            using Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await far.ConnectAsync(_target);
            await Task.WhenAll(CopyAsync(near, far, isMeddling: false), CopyAsync(far, near, isMeddling: true));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Either end may go away at any time; there is nothing left to relay.
            return;
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isMeddling)
    {
        byte[] buffer = new byte[2048];
        for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
        {
            int length = isMeddling ? Meddle(buffer, read) : read;
            if (length < 0)
            {
                from.Close(0);
                to.Close(0);
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, length));
        }

        to.Shutdown(SocketShutdown.Send);
    }

    /// <returns>What is left of the bytes; negative cuts the connection.</returns>
    private int Meddle(byte[] bytes, int length)
    {
        int place = _left;
        _left -= length;
        if (place < 0 || place >= length)
        {
            return length;
        }

        switch (_random.Next(3))
        {
            case 0:
                bytes[place] ^= (byte)_random.Next(1, 256);
                return length;
            case 1:
                return place;
            default:
                return -1;
        }
    }
}
