using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Dns;
using Ambient.Mesh.State;
using Ambient.Testing.Mesh;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Dns;

namespace Ambient.InProcessTests.Dns;

/// <summary>node-proxy 8 and 11.10 over real sockets.</summary>
public sealed class DnsProxyTests
{
    public static TheoryData<bool> Protocols => [false, true];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Answers_or_forwards_each_name_as_the_table_says(bool isTcp)
    {
        using ScriptedResolver upstream = new((query, _) => [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NameError))]);
        await using DnsRig rig = new(upstream.EndPoint);
        foreach (DnsRow row in DnsMesh.Rows)
        {
            DnsMessage query = DnsCaller.Query(row.Query, Enum.Parse<DnsType>(row.Type));

            DnsMessage answer = await DnsCaller.AskAsync(isTcp ? rig.Tcp : rig.Udp, query, isTcp);

            Assert.Equal(query.Question!.Name.ToString(), answer.Question!.Name.ToString());
            Assert.True(answer.Header is { IsResponse: true, IsRecursionAvailable: true, IsRecursionDesired: true, IsTruncated: false }, row.ToString());
            Assert.Equal((row.Records is null ? DnsResponseCode.NameError : DnsResponseCode.NoError, row.Records is not null), (answer.Code, answer.Header.IsAuthoritative));
            Assert.Equal((row.Records ?? []).Order(StringComparer.Ordinal), answer.Answers.Select(DnsCaller.Text).Order(StringComparer.Ordinal));
            Assert.True(answer.Authorities.IsEmpty);
        }

        Assert.Equal(DnsMesh.Rows.Count(row => row.Records is null), upstream.Seen.Count);
        Assert.All(upstream.Seen, seen => Assert.False(seen.IsTcp));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Relays_answer_and_additional_records_but_no_authority(bool isTcp)
    {
        DnsName Name(string text) => DnsCaller.Query(text, DnsType.A).Question!.Name;
        using ScriptedResolver upstream = new((query, _) =>
        [
            ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NoError, DnsRecord.Address(Name("www.bing.com"), TestMesh.Ip("1.1.1.1"), 77)) with
            {
                Authorities = [new DnsRecord(Name("bing.com"), DnsType.Ns, DnsClass.Internet, 60, Name("ns.bing.com").Wire.ToArray())],
                Additionals = [DnsRecord.Address(Name("ns.bing.com"), TestMesh.Ip("2.2.2.2"), 60)],
            }),
        ]);
        await using DnsRig rig = new(upstream.EndPoint);

        DnsMessage answer = await DnsCaller.AskAsync(isTcp ? rig.Tcp : rig.Udp, "www.bing.com", DnsType.A, isTcp);

        Assert.Equal((DnsResponseCode.NoError, false, true), (answer.Code, answer.Header.IsAuthoritative, answer.Header.IsRecursionAvailable));
        Assert.Equal("www.bing.com. A 1.1.1.1", DnsCaller.Text(Assert.Single(answer.Answers)));
        Assert.Equal(77u, answer.Answers[0].Ttl);
        Assert.Equal("ns.bing.com. A 2.2.2.2", DnsCaller.Text(Assert.Single(answer.Additionals)));
        Assert.Empty(answer.Authorities);
        Assert.Null(answer.Edns);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(1232, true)]
    [InlineData(8192, false)]
    public async Task A_large_answer_is_truncated_to_what_the_client_takes(int? payload, bool isTruncated)
    {
        MeshStore store = new(TimeProvider.System, DnsMesh.Snapshot());
        store.Update(changes => changes.UpsertService(TestMesh.ServiceAt("large", "10.0.0.0") with
        {
            Hostname = "large.example",
            Vips = [.. Enumerable.Range(0, 256).Select(index => TestMesh.Vip($"{DnsMesh.Network}/10.1.0.{index}"))],
        }));
        await using DnsRig rig = new(new ResolverConfiguration(), store: store);
        DnsMessage query = DnsCaller.Query("large.example", DnsType.A, payload is { } bytes ? new Edns((ushort)bytes) : null);

        byte[] udp = await DnsCaller.ExchangeAsync(rig.Udp, ScriptedResolver.Bytes(query));
        DnsMessage overTcp = await DnsCaller.AskAsync(rig.Tcp, query, isTcp: true);

        Assert.True(DnsMessageReader.TryRead(udp, out DnsMessage? overUdp));
        Assert.Equal(isTruncated, overUdp.Header.IsTruncated);
        Assert.InRange(udp.Length, 400, payload ?? 512);
        Assert.Equal(isTruncated, overUdp.Answers.Length < 256);
        Assert.Equal((ushort?)payload, overUdp.Edns?.PayloadBytes);
        Assert.Equal((256, false), (overTcp.Answers.Length, overTcp.Header.IsTruncated));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Garbage_is_refused_or_dropped_and_the_next_query_is_answered(bool isTcp)
    {
        await using DnsRig rig = new(new ResolverConfiguration());
        IPEndPoint server = isTcp ? rig.Tcp : rig.Udp;
        byte[] query = ScriptedResolver.Bytes(DnsCaller.Query("productpage", DnsType.A));

        byte[] status = [.. query[..2], 0x10, .. query[3..]];
        byte[] response = [.. query[..2], 0x80, .. query[3..]];
        foreach ((byte[] bytes, DnsResponseCode code) in new[]
        {
            (query[..^3], DnsResponseCode.FormatError), (status, DnsResponseCode.NotImplemented), (response, DnsResponseCode.FormatError),
        })
        {
            Assert.True(DnsMessageReader.TryRead(await DnsCaller.ExchangeAsync(server, bytes, isTcp), out DnsMessage? refusal));
            Assert.Equal((code, query[0]), (refusal.Code, (byte)(refusal.Header.Id >> 8)));
        }

        if (!isTcp)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            foreach (byte[] ignored in new byte[][] { [], [1], query[..11], [.. query[..2], 0x80, 1, .. query[4..]], new byte[60_000] })
            {
                await socket.SendToAsync(ignored, server);
            }
        }

        Assert.Single((await DnsCaller.AskAsync(server, "productpage", DnsType.A, isTcp)).Answers);
    }

    [Fact]
    public async Task A_connection_takes_one_query_after_the_other_even_byte_by_byte()
    {
        await using DnsRig rig = new(new ResolverConfiguration());
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(rig.Tcp);
        byte[] query = ScriptedResolver.Bytes(DnsCaller.Query("productpage", DnsType.A));
        for (int round = 0; round < 3; round++)
        {
            foreach (byte octet in (byte[])[0, (byte)query.Length, .. query])
            {
                await socket.SendAsync((byte[])[octet]);
            }

            Assert.NotEmpty(await DnsCaller.ReceiveTcpAsync(socket));
        }

        await DnsCaller.SendTcpAsync(socket, new byte[5000]);
        Assert.True(await IsClosedAsync(socket));
    }

    [Fact]
    public async Task A_slow_answer_on_a_connection_holds_up_no_other_and_a_client_that_ended_its_side_still_gets_it()
    {
        TaskCompletionSource released = new();
        using ScriptedResolver slow = new((query, _) =>
        {
            released.Task.Wait(TimeSpan.FromSeconds(10));
            return [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NameError))];
        });
        await using DnsRig rig = new(slow.EndPoint);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(rig.Tcp);
        await DnsCaller.SendTcpAsync(socket, ScriptedResolver.Bytes(DnsCaller.Query("slow.example", DnsType.A)));
        await DnsCaller.SendTcpAsync(socket, ScriptedResolver.Bytes(DnsCaller.Query("productpage", DnsType.A)));
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("productpage", await NextNameAsync(socket));
        released.SetResult();
        Assert.Equal("slow.example", await NextNameAsync(socket));
        Assert.True(await IsClosedAsync(socket));
    }

    [Fact]
    public async Task A_connection_is_read_no_further_while_as_many_queries_as_it_may_have_are_under_way()
    {
        TaskCompletionSource released = new();
        using ScriptedResolver slow = new((query, _) =>
        {
            released.Task.Wait(TimeSpan.FromSeconds(10));
            return [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NameError))];
        });
        await using DnsRig rig = new(slow.EndPoint);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(rig.Tcp);
        for (int index = 0; index < DnsStreamConnection.MostAtOnce; index++)
        {
            await DnsCaller.SendTcpAsync(socket, ScriptedResolver.Bytes(DnsCaller.Query($"n{index}.example", DnsType.A)));
        }

        await DnsCaller.SendTcpAsync(socket, ScriptedResolver.Bytes(DnsCaller.Query("productpage", DnsType.A)));
        await DnsCaller.AskAsync(rig.Tcp, "productpage", DnsType.A, isTcp: true);
        Assert.Equal(0, socket.Available);

        released.SetResult();
        HashSet<string> names = [];
        for (int index = 0; index <= DnsStreamConnection.MostAtOnce; index++)
        {
            names.Add(await NextNameAsync(socket));
        }

        Assert.Contains("productpage", names);
        Assert.Equal(DnsStreamConnection.MostAtOnce + 1, names.Count);
    }

    [Fact]
    public async Task A_client_that_the_mesh_does_not_know_is_waited_for_and_then_refused()
    {
        MeshStore store = new(TimeProvider.System);
        await using DnsRig rig = new(new ResolverConfiguration(), store: store);

        Task<DnsMessage> early = DnsCaller.AskAsync(rig.Udp, "productpage", DnsType.A);
        Task<DnsMessage> never = DnsCaller.AskAsync(rig.Tcp, "productpage", DnsType.A, isTcp: true);
        Assert.Equal(DnsResponseCode.ServerFailure, (await never).Code);
        Assert.Equal(DnsResponseCode.ServerFailure, (await early).Code);

        Task<DnsMessage> waiting = DnsCaller.AskAsync(rig.Udp, "productpage", DnsType.A);
        store.Replace(DnsMesh.Snapshot());
        Assert.Single((await waiting).Answers);
    }

    [Fact]
    public async Task Queries_beyond_the_bound_are_refused_at_once_and_those_of_the_mesh_still_answered()
    {
        using ScriptedResolver silent = new((_, _) => []);
        await using DnsRig rig = new(new ResolverConfiguration { Servers = [silent.EndPoint], Timeout = TimeSpan.FromSeconds(3), Attempts = 1 }, mostUnderWay: 4);
        Task<DnsMessage>[] waiting = [.. Enumerable.Range(0, 4).Select(index => DnsCaller.AskAsync(rig.Udp, $"n{index}.example", DnsType.A))];
        Assert.True(SpinWait.SpinUntil(() => silent.Seen.Count == 4, TimeSpan.FromSeconds(10)));

        DnsMessage fifth = await DnsCaller.AskAsync(rig.Udp, "n4.example", DnsType.A);

        Assert.Equal(DnsResponseCode.ServerFailure, fifth.Code);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(DnsResponseCode.ServerFailure, answer.Code));
        Assert.Single((await DnsCaller.AskAsync(rig.Udp, "productpage", DnsType.A)).Answers);
    }

    [Fact]
    public async Task Pods_that_ask_nothing_cost_no_thread_and_little_memory()
    {
        const int Pods = 100;
        await using EventLoopGroup loops = new(1);
        MeshStore store = new(TimeProvider.System, DnsMesh.Snapshot());
        ResolverConfiguration resolvers = new();
        await using (DnsRig warm = new(resolvers, store: store, loops: loops))
        {
            await DnsCaller.AskAsync(warm.Udp, "productpage", DnsType.A);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        DnsRig[] pods = [.. Enumerable.Range(0, Pods).Select(_ => new DnsRig(resolvers, store: store, loops: loops))];
        await DnsCaller.AskAsync(pods[^1].Udp, "productpage", DnsType.A);
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Pods;
        int threads = Directory.GetDirectories("/proc/self/task").Length;
        foreach (DnsRig pod in pods)
        {
            await pod.DisposeAsync();
        }

        Assert.InRange(each, 0, 12 * 1024);
        Assert.InRange(threads, 1, Pods - 1);
    }

    [Fact]
    public async Task A_drain_finishes_what_is_under_way_and_leaves_new_queries_to_the_next_generation()
    {
        TaskCompletionSource released = new();
        using ScriptedResolver slow = new((query, _) =>
        {
            released.Task.Wait(TimeSpan.FromSeconds(10));
            return [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NameError))];
        });
        await using DnsRig rig = new(new ResolverConfiguration { Servers = [slow.EndPoint] });
        Task<DnsMessage> underWay = DnsCaller.AskAsync(rig.Udp, "a.example", DnsType.A);
        Assert.True(SpinWait.SpinUntil(() => !slow.Seen.IsEmpty, TimeSpan.FromSeconds(10)));
        using Socket next = DnsRig.Open(AddressFamily.InterNetwork, SocketType.Dgram);
        Ambient.Transport.Sockets.PoolSocket.SharePort(next);
        next.Bind(rig.Udp);

        rig.Registry.Drain.Begin();
        await StopsAcceptingAsync(rig.Tcp);
        await ReceivesEverythingAsync(next, rig.Udp);

        Assert.False(rig.Serving.IsCompleted);
        released.SetResult();
        Assert.Equal(DnsResponseCode.NameError, (await underWay).Code);
        Assert.Null(await rig.Serving.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static async Task<string> NextNameAsync(Socket socket)
    {
        Assert.True(DnsMessageReader.TryRead(await DnsCaller.ReceiveTcpAsync(socket), out DnsMessage? answer));
        return answer.Question!.Name.ToString().TrimEnd('.');
    }

    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(10)) == 0;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    /// <summary>From callers whose ports the kernel would spread over both sockets.</summary>
    private static async Task ReceivesEverythingAsync(Socket receiver, IPEndPoint address)
    {
        byte[] buffer = new byte[10];
        int inARow = 0;
        for (int sent = 0; sent < 200 && inARow < 32; sent++)
        {
            using Socket caller = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await caller.SendToAsync(new byte[] { 1 }, address);
            inARow = receiver.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead) ? inARow + 1 : 0;
            _ = inARow == 0 || await receiver.ReceiveAsync(buffer) == 1;
        }

        Assert.Equal(32, inARow);
    }

    private static async Task StopsAcceptingAsync(IPEndPoint listener)
    {
        for (int attempt = 0; attempt < 500; attempt++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(listener);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("the listener is still open");
    }
}
