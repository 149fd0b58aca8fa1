using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

public sealed class AcceptLoopTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_dual_stack_listener_serves_both_families_with_canonical_addresses(string address)
    {
        await using var rig = new LoopRig(2);
        var remotes = new ConcurrentQueue<IPEndPoint>();
        using Service service = Service.Start(rig, "[::]:0", async socket =>
        {
            remotes.Enqueue(socket.RemoteEndPoint);
            await socket.WriteAllAsync(await socket.ReadAsync(4));
        });
        using Socket client = await service.ConnectAsync(IPAddress.Parse(address));
        await client.SendAsync("ping"u8.ToArray());

        Assert.Equal("ping"u8.ToArray(), await LoopSocketTests.ReadToEndAsync(client));
        Assert.Equal(client.LocalEndPoint, Assert.Single(remotes));
    }

    [Fact]
    public async Task Spreads_connections_over_the_loops()
    {
        await using var rig = new LoopRig(3);
        var served = new ConcurrentQueue<int>();
        using Service service = Service.Start(rig, "127.0.0.1:0", async socket =>
        {
            served.Enqueue(socket.Loop.Index);
            await socket.ReadAsync();
        });
        Socket[] clients = await service.ConnectManyAsync(90);
        await service.UntilAsync(() => served.Count == 90);

        Assert.All(served.GroupBy(static index => index), static group => Assert.InRange(group.Count(), 28, 32));
        service.Registry.Drain.Begin();
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Fact]
    public async Task Accepted_sockets_inherit_the_options_of_their_listener()
    {
        await using var rig = new LoopRig();
        var options = new TaskCompletionSource<int[]>();
        var spec = new TcpListenerSpec(new IPEndPoint(IPAddress.IPv6Any, 0))
        {
            Socket = new SocketOptionSet(Keepalive: KeepaliveOptions.Default),
        };
        using Service service = Service.Start(rig, spec, socket =>
        {
            (int Level, int Name)[] asked = [(6, 1), (1, 9), (6, 4), (6, 5), (6, 6)];
            options.SetResult([.. asked.Select(option => TcpDialerTests.Option(socket, option.Level, option.Name))]);
            return default;
        });
        using Socket client = await service.ConnectAsync(IPAddress.Loopback);

        int[] values = await options.Task.WaitAsync(LoopRig.Limit);
        Assert.Equal([1, 1, 180, 180, 9], values);
    }

    [Fact]
    public async Task A_handler_that_throws_costs_its_own_connection_only()
    {
        await using var rig = new LoopRig();
        int calls = 0;
        using Service service = Service.Start(rig, "127.0.0.1:0", async socket =>
        {
            await socket.ReadAsync(1);
            if (++calls == 1)
            {
                throw new InvalidOperationException("bug");
            }

            await socket.WriteAllAsync("ok"u8.ToArray());
        });
        using Socket first = await service.ConnectAsync(IPAddress.Loopback);
        await first.SendAsync(new byte[1]);
        Assert.Empty(await LoopSocketTests.ReadToEndAsync(first));
        using Socket second = await service.ConnectAsync(IPAddress.Loopback);
        await second.SendAsync(new byte[1]);
        Assert.Equal("ok"u8.ToArray(), await LoopSocketTests.ReadToEndAsync(second));

        Assert.Equal(1, service.Accept.Statistics.HandlerFaults);
        Assert.Equal("bug", Assert.Single(rig.TakeErrors()).Message);
    }

    [Fact]
    public async Task A_connection_is_registered_while_it_runs_and_unregistered_once_disposed()
    {
        await using var rig = new LoopRig();
        int countInside = 0;
        LoopSocket? seen = null;
        Service? service = null;
        service = Service.Start(rig, "127.0.0.1:0", async socket =>
        {
            seen = socket;
            countInside = service!.Registry.Count;
            await socket.ReadAsync();
        });
        using Service held = service;
        using (Socket client = await service.ConnectAsync(IPAddress.Loopback))
        {
            client.Shutdown(SocketShutdown.Send);
            Assert.Empty(await LoopSocketTests.ReadToEndAsync(client));
        }

        await service.UntilAsync(() => service.Registry.Count == 0);
        Assert.Equal(1, countInside);
        Assert.True(seen!.IsDisposed);
    }

    [Fact]
    public async Task Stopping_closes_the_listener_and_leaves_connections_alone()
    {
        await using var rig = new LoopRig();
        using Service service = Service.Start(rig, "127.0.0.1:0", static async socket =>
            await socket.WriteAllAsync(await socket.ReadAsync(2)));
        using Socket client = await service.ConnectAsync(IPAddress.Loopback);
        await service.UntilAsync(() => service.Registry.Count == 1);
        service.Accept.Stop();

        Assert.Null(await service.Accept.Completion.WaitAsync(LoopRig.Limit));
        await Assert.ThrowsAsync<SocketException>(() => service.ConnectAsync(IPAddress.Loopback));
        await client.SendAsync("hi"u8.ToArray());
        Assert.Equal("hi"u8.ToArray(), await LoopSocketTests.ReadToEndAsync(client));
    }

    [Fact]
    public async Task Serves_a_thousand_connections_at_once()
    {
        await using var rig = new LoopRig(2);
        using Service service = Service.Start(rig, "[::]:0", static async socket =>
            await socket.WriteAllAsync(await socket.ReadAsync(3)));
        Socket[] clients = await service.ConnectManyAsync(1000);
        await Task.WhenAll(clients.Select(static async client =>
        {
            using Socket held = client;
            await client.SendAsync("abc"u8.ToArray());
            Assert.Equal("abc"u8.ToArray(), await LoopSocketTests.ReadToEndAsync(client));
        }));

        await service.UntilAsync(() => service.Registry.Count == 0);
        Assert.Equal(1000, service.Accept.Statistics.Accepted);
        Assert.All(rig.Group.Loops, static loop => Assert.InRange(loop.Load, 0, 1));
    }

    [Fact]
    public void A_port_in_use_is_a_failed_start_with_a_reason()
    {
        ListenResult first = ListenSocket.Open(new TcpListenerSpec(new IPEndPoint(IPAddress.Loopback, 0)) { ReusePort = false });
        using ListenSocket held = first.Socket!;
        ListenResult second = ListenSocket.Open(new TcpListenerSpec(held.LocalEndPoint) { ReusePort = false });

        Assert.Null(second.Socket);
        Assert.Equal(FailureReason.AddressInUse, second.Failure!.Reason);
        Assert.Equal(FailureSide.Proxy, second.Failure.Side);
    }

    [Fact]
    public void Two_generations_can_listen_on_one_port()
    {
        ListenResult first = ListenSocket.Open(new TcpListenerSpec(new IPEndPoint(IPAddress.IPv6Any, 0)));
        using ListenSocket held = first.Socket!;
        ListenResult second = ListenSocket.Open(new TcpListenerSpec(held.LocalEndPoint));
        using ListenSocket secondHeld = second.Socket!;

        Assert.Equal(held.LocalEndPoint, secondHeld.LocalEndPoint);
    }
}
