using System.Net.Sockets;

namespace Ambient.Ztunnel.Dns;

/// <summary>The server side over TCP, on one listener (RFC 7766): each connection is a <see cref="DnsStreamConnection"/>.</summary>
internal sealed class DnsStreams(Socket listener, DnsResponder responder, UnderWay underWay, TimeProvider time)
{
    /// <summary>Of one pod and address; a resolver opens one or two.</summary>
    private const int MostConnections = 128;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly UnderWay _connections = new(MostConnections);
    private readonly HashSet<Socket> _open = [];

    /// <summary>Until <paramref name="stopping"/>, and then until what was asked by then is answered.</summary>
    public async Task ServeAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await AcceptAsync(stopping);
            }
        }
        catch (OperationCanceledException)
        {
            listener.Dispose();
        }

        await _connections.EndAsync();
    }

    /// <summary>Closes what is open, whatever is under way; the service is stopping.</summary>
    public void Cut()
    {
        listener.Dispose();
        lock (_open)
        {
            foreach (Socket socket in _open)
            {
                socket.Dispose();
            }
        }
    }

    private async Task AcceptAsync(CancellationToken stopping)
    {
        Socket accepted;
        try
        {
            accepted = await listener.AcceptAsync(stopping);
        }
        catch (SocketException)
        {
            // The caller hung up first, or the process is out of descriptors: neither ends the listener.
            await Task.Delay(PauseAfterError, time, stopping);
            return;
        }

        if (!_connections.TryEnter())
        {
            accepted.Dispose();
            return;
        }

        _ = ServeAsync(accepted, stopping);
    }

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            lock (_open)
            {
                _open.Add(socket);
            }

            using DnsStreamConnection connection = new(socket, responder, underWay, time);
            await connection.ServeAsync(stopping);
        }
        catch (Exception bug)
        {
            responder.Failed(bug);
        }
        finally
        {
            lock (_open)
            {
                _open.Remove(socket);
            }

            _connections.Leave();
        }
    }
}
