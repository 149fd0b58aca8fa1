using System.Net.Sockets;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Mesh.Dns;
using Ambient.Mesh.State;
using Ambient.Testing.Certs;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.InProcessTests.Dns;

/// <summary>How a client's TCP connection ends: with silence, with an answer that it does not take, with a failure of ours (node-proxy 8.1).</summary>
public sealed class DnsStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Silence_counts_from_the_last_answer()
    {
        TaskCompletionSource released = new();
        using ScriptedResolver slow = new((query, _) =>
        {
            released.Task.Wait(Limit);
            return [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NameError))];
        });
        ManualTime time = new();
        await using DnsRig rig = new(new ResolverConfiguration { Servers = [slow.EndPoint] }, time: time);
        using Socket socket = await ConnectAsync(rig);
        await DnsCaller.SendTcpAsync(socket, ScriptedResolver.Bytes(DnsCaller.Query("slow.example", DnsType.A)));
        Assert.True(SpinWait.SpinUntil(() => !slow.Seen.IsEmpty, Limit));
        time.Advance(TimeSpan.FromSeconds(3));
        released.SetResult();
        await DnsCaller.ReceiveTcpAsync(socket);

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead));
        time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Empty(await ReadToEndAsync(socket));
    }

    [Fact]
    public async Task Nothing_follows_an_answer_that_the_client_took_only_in_part()
    {
        const int Queries = DnsStreamConnection.MostAtOnce;
        ManualTime time = new();
        await using DnsRig rig = new(new ResolverConfiguration(), store: LargeMesh(), time: time, sendBuffer: 4096);
        byte[] query = ScriptedResolver.Bytes(DnsCaller.Query("large.example", DnsType.A));
        byte[] whole = await DnsCaller.ExchangeAsync(rig.Tcp, query, isTcp: true);
        using Socket socket = await ConnectAsync(rig);
        for (int sent = 0; sent < Queries; sent++)
        {
            await DnsCaller.SendTcpAsync(socket, query);
        }

        // With the exchange before. All of them do not fit into the buffers, so one answer is stuck by then, and others wait behind it.
        Assert.True(SpinWait.SpinUntil(() => rig.Metrics.SeriesOf(DnsType.A, DnsProtocol.Tcp, DnsMesh.Client).Requests == Queries + 1, Limit));
        time.Advance(TimeSpan.FromSeconds(5));

        byte[] received = await ReadToEndAsync(socket);
        Assert.InRange(received.Length, 1, (Queries * (whole.Length + 2)) - 1);
        byte[] head = [(byte)(whole.Length >> 8), (byte)whole.Length, .. query[..2]];
        for (int start = 0; start + head.Length <= received.Length; start += whole.Length + 2)
        {
            Assert.Equal(head, received[start..(start + head.Length)]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_query_that_fails_for_a_reason_nobody_thought_of_is_logged_and_waited_for_by_nobody(bool isTcp)
    {
        using LogCapture log = new();
        using LogWriter writer = new(log);
        Assert.True(LogFilter.TryParse("info", out LogFilter? filter, out _));
        using LoggerProvider loggers = new(writer, LogFormat.Plain, filter, TimeProvider.System);
        await using DnsRig rig = new(new ResolverConfiguration(), log: loggers.CreateLogger(LogTargets.Dns), findMesh: () => throw new InvalidOperationException("a bug"));
        using Socket socket = isTcp ? await ConnectAsync(rig) : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        byte[] query = ScriptedResolver.Bytes(DnsCaller.Query("productpage", DnsType.A));
        if (isTcp)
        {
            await DnsCaller.SendTcpAsync(socket, query);
            Assert.Empty(await ReadToEndAsync(socket));
        }
        else
        {
            await socket.SendToAsync(query, rig.Udp);
        }

        await log.WaitForAsync("query not answered, please report it", "a bug");
    }

    [Fact]
    public async Task A_cut_closes_connections_whatever_is_under_way_on_them()
    {
        TaskCompletionSource asked = new();
        using ManualResetEventSlim released = new();
        await using DnsRig rig = new(new ResolverConfiguration(), findMesh: () =>
        {
            asked.TrySetResult();
            released.Wait(Limit);
            throw new InvalidOperationException("too late");
        });
        using Socket socket = await ConnectAsync(rig);
        await DnsCaller.SendTcpAsync(socket, ScriptedResolver.Bytes(DnsCaller.Query("productpage", DnsType.A)));
        await asked.Task.WaitAsync(Limit);

        rig.Cut();

        Assert.Empty(await ReadToEndAsync(socket));
        released.Set();
        Assert.Null(await rig.Serving.WaitAsync(Limit));
    }

    private static async Task<Socket> ConnectAsync(DnsRig rig)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(rig.Tcp);
        return socket;
    }

    /// <summary>A connection that is closed with something unread is reset: that is an end too, after what came before.</summary>
    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using CancellationTokenSource deadline = new(Limit);
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and int read)
            {
                all.Write(buffer, 0, read);
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return all.ToArray();
        }

        return all.ToArray();
    }

    private static MeshStore LargeMesh()
    {
        MeshStore store = new(TimeProvider.System, DnsMesh.Snapshot());
        store.Update(changes => changes.UpsertService(TestMesh.ServiceAt("large", "10.0.0.0") with
        {
            Hostname = "large.example",
            Vips = [.. Enumerable.Range(0, 256).Select(index => TestMesh.Vip($"{DnsMesh.Network}/10.1.0.{index}"))],
        }));
        return store;
    }
}
