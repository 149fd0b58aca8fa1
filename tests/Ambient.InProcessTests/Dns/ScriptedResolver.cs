using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Dns;

namespace Ambient.InProcessTests.Dns;

/// <summary>An upstream resolver that does as told: UDP and TCP on one port of a loopback address.</summary>
internal sealed class ScriptedResolver : IDisposable
{
    private readonly Socket _datagrams;
    private readonly TcpListener _listener;
    private readonly Func<DnsMessage, bool, IEnumerable<byte[]>> _script;

    /// <param name="script">From a query, and whether it came over TCP, to what is sent back: nothing is silence.</param>
    public ScriptedResolver(Func<DnsMessage, bool, IEnumerable<byte[]>> script, IPAddress? address = null)
    {
        _script = script;
        (_datagrams, _listener) = Bind(address ?? IPAddress.Loopback);
        EndPoint = (IPEndPoint)_datagrams.LocalEndPoint!;
        _ = ServeDatagramsAsync();
        _ = ServeStreamsAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Ports that queries came from, UDP and TCP.</summary>
    public ConcurrentQueue<(DnsMessage Query, int Port, bool IsTcp)> Seen { get; } = [];

    public static byte[] Bytes(DnsMessage message)
    {
        byte[] buffer = new byte[DnsMessage.MaxBytes];
        return buffer[..DnsMessageWriter.Write(message, buffer)];
    }

    /// <summary>An answer as a resolver gives it.</summary>
    public static DnsMessage Answer(DnsMessage query, DnsResponseCode code, params DnsRecord[] answers) => new()
    {
        Header = query.Header.ToResponse(code, isAuthoritative: true),
        Question = query.Question,
        Answers = [.. answers],
        Edns = new Edns(1232),
    };

    public void Dispose()
    {
        _datagrams.Dispose();
        _listener.Dispose();
    }

    private static (Socket Datagrams, TcpListener Listener) Bind(IPAddress address)
    {
        for (int attempt = 0; ; attempt++)
        {
            Socket datagrams = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            datagrams.Bind(new IPEndPoint(address, 0));
            TcpListener listener = new(address, ((IPEndPoint)datagrams.LocalEndPoint!).Port);
            try
            {
                listener.Start();
                return (datagrams, listener);
            }
            catch (SocketException) when (attempt < 10)
            {
                // The port is taken for TCP: another one.
                datagrams.Dispose();
            }
        }
    }

    private async Task ServeDatagramsAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(EndPoint.Address, 0));
                foreach (byte[] response in Respond(buffer.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint, isTcp: false))
                {
                    await _datagrams.SendToAsync(response, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeStreamsAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                byte[] buffer = new byte[4096];
                await stream.ReadExactlyAsync(buffer.AsMemory(0, 2));
                int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
                await stream.ReadExactlyAsync(buffer.AsMemory(0, length));
                foreach (byte[] response in Respond(buffer.AsSpan(0, length), (IPEndPoint)client.Client.RemoteEndPoint!, isTcp: true))
                {
                    byte[] prefix = new byte[2];
                    BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)response.Length);
                    await stream.WriteAsync((byte[])[.. prefix, .. response]);
                }
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or IOException)
        {
            return;
        }
    }

    private IEnumerable<byte[]> Respond(ReadOnlySpan<byte> bytes, IPEndPoint sender, bool isTcp)
    {
        Assert.True(DnsMessageReader.TryRead(bytes, out DnsMessage? query));
        Seen.Enqueue((query, sender.Port, isTcp));
        return _script(query, isTcp);
    }
}
