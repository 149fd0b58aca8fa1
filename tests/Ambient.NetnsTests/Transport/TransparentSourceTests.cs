using System.Net;
using Ambient.Testing;
using Ambient.Testing.Namespaces;
using Ambient.Testing.Transport;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;

namespace Ambient.NetnsTests.Transport;

public sealed class TransparentSourceTests
{
    [RootTheory]
    [InlineData("10.77.0.1/24", "10.77.0.2/24", "10.99.0.9", "10.99.0.9/32")]
    [InlineData("fd77::1/64", "fd77::2/64", "fd99::9", "fd99::9/128")]
    public async Task The_server_sees_a_source_that_the_proxy_does_not_own(string proxyAddress, string serverAddress, string source, string route)
    {
        await using TestNamespace proxy = await TestNamespace.CreateAsync();
        await using TestNamespace server = await TestNamespace.CreateAsync();
        string device = await proxy.ConnectAsync(server, [proxyAddress], [serverAddress]);
        string family = source.Contains(':') ? "-6" : "-4";
        // Answers to the borrowed address come back to the proxy, and it takes them for its own.
        await server.IpAsync(family, "route", "add", route, "via", proxyAddress.Split('/')[0]);
        await proxy.IpAsync(family, "route", "add", "local", route, "dev", "lo", "table", "100");
        await proxy.IpAsync(family, "rule", "add", "iif", device, "lookup", "100");
        using NetworkNamespace proxyNetwork = NetworkNamespace.Open(proxy.Path);
        using NetworkNamespace serverNetwork = NetworkNamespace.Open(server.Path);
        await using var rig = new LoopRig();
        await using var echo = new EchoService(rig, new TcpListenerSpec(IPEndPoint.Parse("[::]:0")) { Namespace = serverNetwork });

        DialResult result = await echo.DialAsync(
            new IPEndPoint(IPAddress.Parse(serverAddress.Split('/')[0]), echo.EndPoint.Port),
            new DialOptions { Namespace = proxyNetwork, TransparentSource = new IPEndPoint(IPAddress.Parse(source), 0) });
        Assert.Null(result.Failure);
        Assert.Equal(SourceBind.Bound, result.SourceBind);
        Assert.Equal("spoof"u8.ToArray(), await echo.ExchangeAsync(result.Socket!, "spoof"u8.ToArray()));
        Assert.Equal(IPAddress.Parse(source), Assert.Single(echo.Callers).Address);
    }

    [RootTheory]
    [InlineData("[::]:0")]
    [InlineData("0.0.0.0:0")]
    public async Task A_listener_reports_whether_it_is_transparent(string local)
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        var spec = new TcpListenerSpec(IPEndPoint.Parse(local)) { Namespace = network };

        Assert.False(IsTransparent(spec with { Transparent = TransparentMode.Never }));
        Assert.True(IsTransparent(spec with { Transparent = TransparentMode.Try }));
        Assert.True(IsTransparent(spec with { Transparent = TransparentMode.Required }));
    }

    [RootTheory]
    [InlineData("ip", "10.88.0.1", "10.50.0.1:80")]
    [InlineData("ip6", "fd88::1", "[fd50::1]:80")]
    public async Task The_original_destination_of_a_redirected_connection_is_known(string family, string own, string destination)
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await pod.IpAsync("link", "add", "uplink0", "type", "veth", "peer", "name", "uplink1");
        await pod.IpAsync("link", "set", "uplink1", "up");
        await pod.IpAsync("link", "set", "uplink0", "up");
        string[] noDetection = family == "ip6" ? ["nodad"] : [];
        await pod.IpAsync(["addr", "add", own, "dev", "uplink0", .. noDetection]);
        await pod.IpAsync(family == "ip6" ? "-6" : "-4", "route", "add", "default", "dev", "uplink0");
        using NetworkNamespace network = NetworkNamespace.Open(pod.Path);
        await using var rig = new LoopRig();
        await using var echo = new EchoService(rig, new TcpListenerSpec(IPEndPoint.Parse("[::]:0")) { Namespace = network });
        await pod.RunAsync("nft", "add", "table", family, "captured");
        await pod.RunAsync("nft", "add", "chain", family, "captured", "output", "{ type nat hook output priority -100 ; }");
        await pod.RunAsync("nft", "add", "rule", family, "captured", "output", "tcp", "dport", "80", "redirect", "to", $":{echo.EndPoint.Port}");

        DialResult result = await echo.DialAsync(IPEndPoint.Parse(destination), new DialOptions { Namespace = network });
        Assert.Null(result.Failure);
        await echo.ExchangeAsync(result.Socket!, "x"u8.ToArray());
        Assert.Equal(IPEndPoint.Parse(destination), Assert.Single(echo.Destinations));
    }

    private static bool IsTransparent(TcpListenerSpec spec)
    {
        ListenResult result = ListenSocket.Open(spec);
        using ListenSocket socket = result.Socket!;
        return socket.IsTransparent;
    }
}
