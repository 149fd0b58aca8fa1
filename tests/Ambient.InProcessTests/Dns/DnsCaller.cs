using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Dns;

namespace Ambient.InProcessTests.Dns;

/// <summary>An application's resolver: one question, one answer, within 10 s.</summary>
internal static class DnsCaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static DnsMessage Query(string name, DnsType type, Edns? edns = null) => new()
    {
        Header = new DnsHeader((ushort)Random.Shared.Next(65536), DnsHeader.RecursionDesiredFlag),
        Question = new DnsQuestion(DnsName.TryParse(name, out DnsName parsed) ? parsed : throw new ArgumentException(name), type),
        Edns = edns,
    };

    public static Task<DnsMessage> AskAsync(IPEndPoint server, string name, DnsType type, bool isTcp = false) =>
        AskAsync(server, Query(name, type), isTcp);

    public static async Task<DnsMessage> AskAsync(IPEndPoint server, DnsMessage query, bool isTcp = false)
    {
        byte[] bytes = await ExchangeAsync(server, ScriptedResolver.Bytes(query), isTcp);
        Assert.True(DnsMessageReader.TryRead(bytes, out DnsMessage? answer));
        Assert.Equal(query.Header.Id, answer.Header.Id);
        return answer;
    }

    public static async Task<byte[]> ExchangeAsync(IPEndPoint server, byte[] query, bool isTcp = false)
    {
        using CancellationTokenSource deadline = new(Patience);
        using Socket socket = new(server.AddressFamily, isTcp ? SocketType.Stream : SocketType.Dgram, isTcp ? ProtocolType.Tcp : ProtocolType.Udp);
        await socket.ConnectAsync(server, deadline.Token);
        if (isTcp)
        {
            await SendTcpAsync(socket, query);
            return await ReceiveTcpAsync(socket);
        }

        await socket.SendAsync(query, deadline.Token);
        byte[] buffer = new byte[DnsMessage.MaxBytes];
        return buffer[..await socket.ReceiveAsync(buffer, deadline.Token)];
    }

    public static async Task SendTcpAsync(Socket socket, byte[] query)
    {
        byte[] prefix = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)query.Length);
        await socket.SendAsync((byte[])[.. prefix, .. query]);
    }

    public static async Task<byte[]> ReceiveTcpAsync(Socket socket)
    {
        byte[] prefix = await ReceiveAllAsync(socket, sizeof(ushort));
        return await ReceiveAllAsync(socket, BinaryPrimitives.ReadUInt16BigEndian(prefix));
    }

    public static string Text(DnsRecord record) =>
        $"{record.Owner} {record.Type} {(record.TryGetAddress(out MeshIp ip) ? ip.ToString() : DnsName.OfData(record).ToString())}";

    private static async Task<byte[]> ReceiveAllAsync(Socket socket, int length)
    {
        using CancellationTokenSource deadline = new(Patience);
        byte[] bytes = new byte[length];
        for (int received = 0; received < length;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(received), deadline.Token);
            received += read > 0 ? read : throw new EndOfStreamException($"{received} of {length} bytes came");
        }

        return bytes;
    }
}
