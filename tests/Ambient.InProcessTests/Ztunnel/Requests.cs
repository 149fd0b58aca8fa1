using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>What an application does with a connection.</summary>
internal static class Requests
{
    /// <summary>Eleven bytes, as the acceptance scenarios count them.</summary>
    public const string Hello = "hello world";

    public static async Task<Socket> ConnectAsync(IPEndPoint destination)
    {
        Socket socket = new(destination.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(destination);
        return socket;
    }

    /// <summary>Sends, ends its side, and returns all that comes back; empty when the connection is refused or reset.</summary>
    public static async Task<string> ExchangeAsync(IPEndPoint destination, string request)
    {
        using Socket socket = await ConnectAsync(destination);
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(request));
            socket.Shutdown(SocketShutdown.Send);
            return await ReceiveAllAsync(socket);
        }
        catch (SocketException)
        {
            return string.Empty;
        }
    }

    public static async Task<string> ReceiveAsync(Socket socket, int length)
    {
        byte[] buffer = new byte[length];
        int received = 0;
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (received < length)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(received), patience.Token);
            if (read == 0)
            {
                break;
            }

            received += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, received);
    }

    /// <summary>True when the peer ends or resets the connection without another byte.</summary>
    public static async Task<bool> IsCutAsync(Socket socket)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        try
        {
            return await socket.ReceiveAsync(new byte[1].AsMemory(), patience.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<string> ReceiveAllAsync(Socket socket)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        for (int read; (read = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token)) > 0;)
        {
            all.Write(buffer, 0, read);
        }

        return Encoding.ASCII.GetString(all.ToArray());
    }
}
