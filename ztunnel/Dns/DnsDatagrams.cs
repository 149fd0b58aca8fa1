using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// The server side over UDP, on one socket. It waits for readability without a buffer; answers from the mesh are sent on the spot, others
/// when they come.
/// </summary>
internal sealed class DnsDatagrams(Socket socket, DnsResponder responder, UnderWay underWay)
{
    /// <summary>A query is a name and perhaps some options; what is longer is cut, and then refused.</summary>
    private const int MostQueryBytes = 4096;

    /// <summary>UDP over IPv4 carries no more.</summary>
    private const int MostResponseBytes = 65_507;

    /// <summary>Before others get the thread.</summary>
    private const int DatagramsPerTurn = 32;

    private const int MostErrors = 100;

    /// <summary>Until <paramref name="stopping"/>; then what had arrived by then is still taken.</summary>
    /// <exception cref="SocketException">The socket fails again and again.</exception>
    public async Task ServeAsync(CancellationToken stopping)
    {
        socket.Blocking = false;
        int errors = 0;
        while (true)
        {
            try
            {
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, stopping);
                TakeTurn();
                errors = 0;
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException) when (++errors < MostErrors)
            {
                // An error that a datagram of ours provoked is reported by the next call; it is nobody's query.
            }

            await Task.Yield();
        }

        StopReceiving();
        for (int turn = 0; turn < DatagramsPerTurn && socket.Available > 0; turn++)
        {
            TakeTurn();
        }
    }

    /// <summary>A socket connected to somebody else gets no more queries (those go to the next generation), but still sends.</summary>
    private void StopReceiving()
    {
        IPEndPoint local = (IPEndPoint)socket.LocalEndPoint!;
        socket.Connect(new IPEndPoint(local.Address, local.Port));
    }

    private void TakeTurn()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostQueryBytes);
        try
        {
            SocketAddress sender = new(socket.AddressFamily);
            int taken = 0;
            do
            {
                int length = socket.ReceiveFrom(buffer, SocketFlags.None, sender);
                Take(buffer.AsSpan(0, length), sender);
            }
            while (++taken < DatagramsPerTurn && socket.Available > 0);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
        {
            // The kernel woke us for a datagram that it then found to be damaged.
            return;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, SocketAddress sender)
    {
        DnsRequest request = DnsRequest.Read(datagram);
        if (request.Refusal is { } refusal)
        {
            Send(refusal, sender, Edns.SmallestPayload);
        }

        if (request.Query is not { } query)
        {
            return;
        }

        if (!underWay.TryEnter())
        {
            Send(responder.Overloaded(query), sender, DnsRequest.UdpLimit(query));
            return;
        }

        // The next datagram's sender is read into the same object.
        SocketAddress copy = new(socket.AddressFamily, sender.Size);
        sender.Buffer.Span[..sender.Size].CopyTo(copy.Buffer.Span);
        _ = AnswerAsync(query, copy);
    }

    /// <summary>On the spot when the mesh has the answer.</summary>
    private async Task AnswerAsync(DnsMessage query, SocketAddress receiver)
    {
        try
        {
            Send(await responder.AnswerAsync(query, DnsProtocol.Udp), receiver, DnsRequest.UdpLimit(query));
        }
        catch (Exception bug)
        {
            responder.Failed(bug);
        }
        finally
        {
            underWay.Leave();
        }
    }

    private void Send(DnsMessage message, SocketAddress receiver, int limit)
    {
        limit = Math.Min(limit, Math.Min(MostResponseBytes, DnsMessageWriter.MostBytes(message)));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(limit);
        try
        {
            int length = DnsMessageWriter.Write(message, buffer.AsSpan(0, limit));
            socket.SendTo(buffer.AsSpan(0, length), SocketFlags.None, receiver);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client is gone or its queue is full: UDP promises nothing, and a client that waits asks again.
            return;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
