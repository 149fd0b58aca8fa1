using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Asks one server one question. Each query has a socket, a port chosen by the kernel and an id of its own, and is connected to the
/// server, so that a stranger must guess all of them; what does not fit is passed over (RFC 5452).
/// </summary>
internal sealed class UpstreamExchange(SocketSource open)
{
    /// <summary>Fits every path without fragments; longer answers come over TCP.</summary>
    private const int PayloadBytes = 1232;

    /// <summary>Datagrams that are no answer, before the query is given up: somebody is guessing.</summary>
    private const int MostStrays = 32;

    private const int QueryBytes = 512;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Over UDP, and again over TCP when the answer was too long for it.</summary>
    /// <param name="deadline">Cancels the exchange, which then throws.</param>
    /// <exception cref="IOException">No socket could be made.</exception>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public async Task<UpstreamReply> AskAsync(DnsQuestion question, IPEndPoint server, bool onlyTcp, CancellationToken deadline)
    {
        UpstreamReply reply = await AskAsync(question, server, onlyTcp, hasEdns: true, deadline);

        // A server from before EDNS does not know what the OPT record is (RFC 6891 6.2.2).
        return reply.Message is { Code: DnsResponseCode.FormatError or DnsResponseCode.NotImplemented, Edns: null }
            ? await AskAsync(question, server, onlyTcp, hasEdns: false, deadline)
            : reply;
    }

    private async Task<UpstreamReply> AskAsync(
        DnsQuestion question, IPEndPoint server, bool onlyTcp, bool hasEdns, CancellationToken deadline)
    {
        DnsMessage query = new()
        {
            Header = new DnsHeader((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), DnsHeader.RecursionDesiredFlag),
            Question = question,
            Edns = hasEdns ? new Edns(PayloadBytes) : null,
        };
        UpstreamReply reply = onlyTcp ? await AskTcpAsync(query, server, deadline) : await AskUdpAsync(query, server, deadline);
        return !onlyTcp && reply.Message is { Header.IsTruncated: true } ? await AskTcpAsync(query, server, deadline) : reply;
    }

    private async Task<UpstreamReply> AskUdpAsync(DnsMessage query, IPEndPoint server, CancellationToken deadline)
    {
        using Socket socket = open(server.AddressFamily, SocketType.Dgram);
        await socket.ConnectAsync(server, deadline);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PayloadBytes);
        try
        {
            int length = DnsMessageWriter.Write(query, buffer);
            await socket.SendAsync(buffer.AsMemory(0, length), deadline);
            for (int strays = 0; strays < MostStrays; strays++)
            {
                int received = await socket.ReceiveAsync(buffer, deadline);
                if (TryMatch(query, buffer.AsSpan(0, received), out DnsMessage? answer))
                {
                    return UpstreamReply.Of(answer);
                }
            }

            return UpstreamReply.Failed($"{server} sent {MostStrays} datagrams that answer another question");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<UpstreamReply> AskTcpAsync(DnsMessage query, IPEndPoint server, CancellationToken deadline)
    {
        using Socket socket = open(server.AddressFamily, SocketType.Stream);
        using (var connecting = CancellationTokenSource.CreateLinkedTokenSource(deadline))
        {
            connecting.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(server, connecting.Token);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(QueryBytes + sizeof(ushort));
        try
        {
            int length = DnsMessageWriter.Write(query, buffer.AsSpan(sizeof(ushort)));
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            await socket.SendAsync(buffer.AsMemory(0, length + sizeof(ushort)), deadline);
            if (!await ReceiveAllAsync(socket, buffer.AsMemory(0, sizeof(ushort)), deadline))
            {
                return UpstreamReply.Failed($"{server} closed the connection without an answer");
            }

            length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            if (length > buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(length);
            }

            return await ReceiveAllAsync(socket, buffer.AsMemory(0, length), deadline)
                && TryMatch(query, buffer.AsSpan(0, length), out DnsMessage? answer)
                    ? UpstreamReply.Of(answer)
                    : UpstreamReply.Failed($"{server} sent something over TCP that is no answer");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> ReceiveAllAsync(Socket socket, Memory<byte> target, CancellationToken deadline)
    {
        while (target.Length > 0)
        {
            int received = await socket.ReceiveAsync(target, deadline);
            if (received == 0)
            {
                return false;
            }

            target = target[received..];
        }

        return true;
    }

    /// <summary>A server that did not understand a query may answer without repeating the question.</summary>
    private static bool TryMatch(DnsMessage query, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? answer) =>
        DnsMessageReader.TryRead(bytes, out answer)
        && answer.Header.IsResponse
        && answer.Header.Opcode == 0
        && answer.Header.Id == query.Header.Id
        && (answer.Question == query.Question || (answer.Question is null && answer.Code == DnsResponseCode.FormatError));
}
