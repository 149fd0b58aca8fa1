using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// One TCP connection of a client: its queries are answered as soon as each answer is known, in whatever order that is (RFC 7766 6.2.1.1, 7), so
/// that one for which an upstream takes its time does not hold up the others. Closed after 5 s without a query and without one under way, counted
/// from the last answer.
/// </summary>
internal sealed class DnsStreamConnection(Socket socket, DnsResponder responder, UnderWay underWay, TimeProvider time) : IDisposable
{
    /// <summary>Answered at once; what a client sends beyond them is read when one of them is answered.</summary>
    public const int MostAtOnce = 32;

    private const int MostQueryBytes = 4096;

    /// <summary>node-proxy 8.1; also for a peer that does not read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _room = new(MostAtOnce);
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Cancelled when an answer cannot be given, or only a part of it was: none may follow it then, and nobody waits for the others.</summary>
    private readonly CancellationTokenSource _broken = new();

    private long _lastAnswered = time.GetTimestamp();

    /// <summary>Nothing is under way but the query that is waited for.</summary>
    private bool IsIdle => _room.CurrentCount == MostAtOnce - 1;

    /// <summary>Until the client or <paramref name="stopping"/> ends it, and what was asked by then is answered.</summary>
    public async Task ServeAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _broken.Token);
        try
        {
            socket.NoDelay = true;
            while (!ending.IsCancellationRequested && await ServeOneAsync(ending.Token))
            {
                await Task.Yield();
            }
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // Half a query and then silence, a reset, or the end of the pod's proxy: no more queries, but what is under way is answered.
        }

        for (int answered = 0; answered < MostAtOnce; answered++)
        {
            await _room.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Closes the socket; call when <see cref="ServeAsync"/> has ended.</summary>
    public void Dispose()
    {
        socket.Dispose();
        _broken.Dispose();
        _room.Dispose();
        _sending.Dispose();
    }

    /// <returns>False when no more queries come.</returns>
    private async Task<bool> ServeOneAsync(CancellationToken ending)
    {
        await _room.WaitAsync(ending);
        bool isTaken = false;
        try
        {
            if (await ReadAsync(ending) is not { } request)
            {
                return false;
            }

            isTaken = true;
            _ = AnswerAsync(request);
            return true;
        }
        finally
        {
            if (!isTaken)
            {
                _room.Release();
            }
        }
    }

    /// <returns>Null when there is none to be had.</returns>
    private async Task<DnsRequest?> ReadAsync(CancellationToken ending)
    {
        // Without a buffer until there is something to read.
        TimeSpan left = Patience;
        while (!await WaitForInputAsync(left, ending))
        {
            // Silence counts from the last answer on.
            left = IsIdle ? Patience - time.GetElapsedTime(Volatile.Read(ref _lastAnswered)) : Patience;
            if (left <= TimeSpan.Zero)
            {
                return null;
            }
        }

        using CancellationTokenSource silence = new(Patience, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ending);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostQueryBytes);
        try
        {
            return await ReadQueryAsync(buffer, waiting.Token) is > 0 and int length ? DnsRequest.Read(buffer.AsSpan(0, length)) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False after so much silence.</returns>
    private async Task<bool> WaitForInputAsync(TimeSpan patience, CancellationToken ending)
    {
        using CancellationTokenSource silence = new(patience, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ending);
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, waiting.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Holds its place of <see cref="_room"/> until the answer is with the kernel.</summary>
    private async Task AnswerAsync(DnsRequest request)
    {
        try
        {
            if (request.Refusal is { } refusal)
            {
                await SendAsync(refusal);
            }
            else if (request.Query is { } query)
            {
                await AnswerAsync(query);
            }
            else
            {
                // Not even a header, so nothing to answer with: what follows it cannot be trusted either.
                await _broken.CancelAsync();
            }
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            await _broken.CancelAsync();
        }
        catch (Exception bug)
        {
            // Without an answer the client is better off with a closed connection, on which it waits for none.
            responder.Failed(bug);
            await _broken.CancelAsync();
        }
        finally
        {
            Volatile.Write(ref _lastAnswered, time.GetTimestamp());
            _room.Release();
        }
    }

    private async Task AnswerAsync(DnsMessage query)
    {
        bool hasRoom = underWay.TryEnter();
        try
        {
            await SendAsync(hasRoom ? await responder.AnswerAsync(query, DnsProtocol.Tcp) : responder.Overloaded(query));
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
    private async Task<int> ReadQueryAsync(Memory<byte> buffer, CancellationToken deadline)
    {
        if (!await ReadAllAsync(buffer[..sizeof(ushort)], deadline))
        {
            return 0;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer.Span);
        return length <= MostQueryBytes && await ReadAllAsync(buffer[..length], deadline) ? length : 0;
    }

    private async Task<bool> ReadAllAsync(Memory<byte> target, CancellationToken deadline)
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

    /// <summary>One answer at a time: those of a connection must not mix, so nothing follows one that was not sent whole.</summary>
    private async Task SendAsync(DnsMessage message)
    {
        await _sending.WaitAsync(_broken.Token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DnsMessageWriter.MostBytes(message) + sizeof(ushort));
        try
        {
            // Whoever broke it may have done so after this one's turn was granted.
            _broken.Token.ThrowIfCancellationRequested();
            int length = DnsMessageWriter.Write(message, buffer.AsSpan(sizeof(ushort), DnsMessageWriter.MostBytes(message)));
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            await SendAllAsync(buffer.AsMemory(0, length + sizeof(ushort)));
        }
        catch
        {
            await _broken.CancelAsync();
            throw;
        }
        finally
        {
            _sending.Release();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> rest)
    {
        using CancellationTokenSource silence = new(Patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _broken.Token);
        while (rest.Length > 0)
        {
            rest = rest[await socket.SendAsync(rest, deadline.Token)..];
        }
    }

    /// <summary>The client's end, a deadline's, or that of the pod's proxy, which closes the socket under our hands.</summary>
    private static bool IsEnd(Exception error) => error is SocketException or OperationCanceledException or ObjectDisposedException;
}
