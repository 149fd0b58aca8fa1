using System.Net.Sockets;

namespace Ambient.Ztunnel.Dns;

/// <summary>The server side over TCP, on one listener (RFC 7766): each connection is a <see cref="DnsStreamConnection"/>.</summary>
internal sealed class DnsStreams(Socket listener, DnsResponder responder, QueriesUnderWay underWay, TimeProvider time)
{
    /// <summary>Of one pod and address; a resolver opens one or two.</summary>
    private const int MostConnections = 128;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private int _connections;

    /// <summary>Until <paramref name="stopping"/>.</summary>
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

        if (Interlocked.Increment(ref _connections) > MostConnections)
        {
            Interlocked.Decrement(ref _connections);
            accepted.Dispose();
            return;
        }

        _ = ServeAsync(accepted, stopping);
    }

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            using DnsStreamConnection connection = new(socket, responder, underWay, time);
            await connection.ServeAsync(stopping);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
