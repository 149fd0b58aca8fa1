using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>The server side over TCP, on one listener (RFC 7766): one query after the other on a connection, closed after 5 s of silence.</summary>
internal sealed class DnsStreams(Socket listener, DnsResponder responder, QueriesUnderWay underWay, TimeProvider time)
{
    /// <summary>Of one pod and address; a resolver opens one or two.</summary>
    private const int MostConnections = 128;

    private const int MostQueryBytes = 4096;

    /// <summary>node-proxy 8.1; also for a peer that does not read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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
            using (socket)
            {
                socket.NoDelay = true;
                while (!stopping.IsCancellationRequested && await ServeOneAsync(socket, stopping))
                {
                    await Task.Yield();
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            // Silence, a reset, or the end of the pod's proxy: nobody waits for an answer any more.
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <returns>False when the connection is over.</returns>
    private async Task<bool> ServeOneAsync(Socket socket, CancellationToken stopping)
    {
        using CancellationTokenSource silence = new(Patience, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stopping);

        // Without a buffer until there is something to read.
        await socket.ReceiveAsync(Memory<byte>.Empty, waiting.Token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostQueryBytes);
        DnsRequest request;
        try
        {
            if (await ReadQueryAsync(socket, buffer, waiting.Token) is not (> 0 and int length))
            {
                return false;
            }

            request = DnsRequest.Read(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (request.Refusal is { } refusal)
        {
            await SendAsync(socket, refusal);
            return true;
        }

        return request.Query is { } query && await AnswerAsync(socket, query);
    }

    private async Task<bool> AnswerAsync(Socket socket, DnsMessage query)
    {
        bool hasRoom = underWay.TryEnter();
        try
        {
            await SendAsync(socket, hasRoom ? await responder.AnswerAsync(query, DnsProtocol.Tcp) : responder.Overloaded(query));
            return true;
        }
        finally
        {
            if (hasRoom)
            {
                underWay.Leave();
            }
        }
    }

    /// <returns>The length of the query, or 0 when there is none to be had.</returns>
    private static async Task<int> ReadQueryAsync(Socket socket, Memory<byte> buffer, CancellationToken deadline)
    {
        if (!await ReadAllAsync(socket, buffer[..sizeof(ushort)], deadline))
        {
            return 0;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer.Span);
        return length <= MostQueryBytes && await ReadAllAsync(socket, buffer[..length], deadline) ? length : 0;
    }

    private static async Task<bool> ReadAllAsync(Socket socket, Memory<byte> target, CancellationToken deadline)
    {
        while (target.Length > 0)
        {
            int read = await socket.ReceiveAsync(target, deadline);
            if (read == 0)
            {
                return false;
            }

            target = target[read..];
        }

        return true;
    }

    private async Task SendAsync(Socket socket, DnsMessage message)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DnsMessageWriter.MostBytes(message) + sizeof(ushort));
        try
        {
            int length = DnsMessageWriter.Write(message, buffer.AsSpan(sizeof(ushort), DnsMessageWriter.MostBytes(message)));
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            using CancellationTokenSource deadline = new(Patience, time);
            ReadOnlyMemory<byte> rest = buffer.AsMemory(0, length + sizeof(ushort));
            while (rest.Length > 0)
            {
                rest = rest[await socket.SendAsync(rest, deadline.Token)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
