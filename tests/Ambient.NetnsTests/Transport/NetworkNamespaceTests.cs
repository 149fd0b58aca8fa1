using System.Net;
using System.Net.Sockets;
using Ambient.Testing;
using Ambient.Testing.Namespaces;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;

namespace Ambient.NetnsTests.Transport;

public sealed class NetworkNamespaceTests
{
    [RootFact]
    public async Task Runs_inside_and_leaves_the_caller_outside()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await pod.IpAsync("link", "add", "marker0", "type", "veth", "peer", "name", "marker1");
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);

        Assert.Contains("marker0", network.Run(InterfaceNames));
        Assert.DoesNotContain("marker0", InterfaceNames());
    }

    [RootFact]
    public async Task Passes_on_an_exception_and_leaves_the_caller_outside()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);

        Assert.Throws<FormatException>(() => network.Run<int>(static () => throw new FormatException()));
        using NetworkNamespace own = NetworkNamespace.OpenOwn();
        using NetworkNamespace here = NetworkNamespace.Open("/proc/thread-self/ns/net");
        Assert.True(own.IsSameAs(here));
    }

    [RootFact]
    public void A_new_one_has_a_loopback_interface_that_is_up_and_nothing_of_ours()
    {
        using NetworkNamespace made = NetworkNamespace.Create();
        using NetworkNamespace own = NetworkNamespace.OpenOwn();

        Assert.False(made.IsSameAs(own));
        Assert.Contains("lo", made.Run(InterfaceNames));
        using TcpListener listener = made.Run(static () =>
        {
            TcpListener listening = new(IPAddress.Loopback, 15001);
            listening.Start();
            return listening;
        });
        Assert.Equal(15001, ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    [RootFact]
    public async Task Tells_namespaces_apart()
    {
        await using TestNamespace first = await TestNamespace.CreateAsync();
        await using TestNamespace second = await TestNamespace.CreateAsync();
        using NetworkNamespace one = NetworkNamespace.Open(first.Path);
        using NetworkNamespace oneAgain = NetworkNamespace.Open(first.Path);
        using NetworkNamespace two = NetworkNamespace.Open(second.Path);

        Assert.True(one.IsSameAs(oneAgain));
        Assert.False(one.IsSameAs(two));
        Assert.NotEqual(0UL, one.Inode);
    }

    [RootFact]
    public void A_path_that_is_no_namespace_is_refused()
    {
        Assert.Throws<IOException>(static () => NetworkNamespace.Open("/run/netns/ambt-does-not-exist"));
        using NetworkNamespace file = NetworkNamespace.Open("/dev/null");
        Assert.Throws<IOException>(() => file.Run(static () => 0));
    }

    [RootTheory]
    [InlineData("[::]:0", "127.0.0.1")]
    [InlineData("[::]:0", "::1")]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    public async Task Listens_and_dials_inside_and_only_there(string listen, string dial)
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        await using var rig = new LoopRig();
        await using var echo = new EchoService(rig, new TcpListenerSpec(IPEndPoint.Parse(listen)) { Namespace = network });
        var destination = new IPEndPoint(IPAddress.Parse(dial), echo.EndPoint.Port);

        DialResult inside = await echo.DialAsync(destination, new DialOptions { Namespace = network });
        Assert.Equal("hello"u8.ToArray(), await echo.ExchangeAsync(inside.Socket!, "hello"u8.ToArray()));
        DialResult outside = await echo.DialAsync(destination, DialOptions.Default);
        Assert.Equal(FailureReason.Refused, outside.Failure!.Reason);
    }

    [RootFact]
    public async Task The_loop_is_back_home_after_each_socket()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        await using var rig = new LoopRig();
        await rig.RunAsync(async loop =>
        {
            using NetworkNamespace own = NetworkNamespace.OpenOwn();
            for (int round = 0; round < 100; round++)
            {
                DialResult result = await TcpDialer.ConnectAsync(
                    loop, new IPEndPoint(IPAddress.Loopback, 1), new DialOptions { Namespace = network });
                Assert.Equal(FailureReason.Refused, result.Failure!.Reason);
                using NetworkNamespace here = NetworkNamespace.Open("/proc/thread-self/ns/net");
                Assert.True(own.IsSameAs(here));
            }
        });
    }

    [RootFact]
    public async Task Nothing_is_dialled_through_a_namespace_that_was_disposed()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        network.Dispose();
        await using var rig = new LoopRig();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await rig.RunAsync(async loop =>
        {
            DialResult result = await TcpDialer.ConnectAsync(
                loop, (IPEndPoint)listener.LocalEndpoint, new DialOptions { Namespace = network });
            Assert.Null(result.Socket);
            Assert.Equal(FailureSide.Proxy, result.Failure!.Side);
        });
    }

    [RootFact]
    public async Task The_wildcard_serves_IPv4_where_IPv6_is_disabled()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await pod.RunAsync("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        await using var rig = new LoopRig();
        await using var echo = new EchoService(rig, new TcpListenerSpec(IPEndPoint.Parse("[::]:0")) { Namespace = network });

        DialResult result = await echo.DialAsync(
            new IPEndPoint(IPAddress.Loopback, echo.EndPoint.Port), new DialOptions { Namespace = network });
        Assert.Equal("v4"u8.ToArray(), await echo.ExchangeAsync(result.Socket!, "v4"u8.ToArray()));
    }

    private static string[] InterfaceNames() =>
        [.. File.ReadLines("/proc/thread-self/net/dev").Skip(2).Select(static line => line.Split(':')[0].Trim())];
}
