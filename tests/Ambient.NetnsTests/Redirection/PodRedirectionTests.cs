using System.Net;
using System.Net.Sockets;
using Ambient.Redirection;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;
using Ambient.Testing;
using Ambient.Testing.Redirection;

namespace Ambient.NetnsTests.Redirection;

/// <summary>The rules at work on real connections, with plain listeners in the place of the proxy.</summary>
public sealed class PodRedirectionTests : IAsyncLifetime
{
    private const int AppPort = 8080;
    private static readonly uint Mark = RedirectionMarks.Packet;

    private readonly NftablesRedirector _redirector = new(new ProgramRunner());
    private PodAndPeer? _network;

    private PodAndPeer Network => _network ?? throw new InvalidOperationException("the test did not make its network");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_outbound_connection_lands_on_the_proxy_with_its_original_destination(bool ipv6)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Socket proxy = Network.Listen(Network.Pod, RedirectionPorts.Outbound, Mark);
        var destination = new IPEndPoint(PodAndPeer.PeerAddress(ipv6), AppPort);

        await Network.ConnectAsync(Network.Pod, destination);
        Socket accepted = await Network.AcceptAsync(proxy);

        Assert.Equal(destination, SocketMarks.OriginalDestinationOf(accepted, ipv6));
        Assert.Equal(PodAndPeer.PodAddress(ipv6), SocketMarks.CallerOf(accepted));
        Assert.True(await CounterAsync("redirect to :15001") > 0);
    }

    [RootTheory]
    [InlineData("10.200.0.7")]
    [InlineData("fd77::7")]
    public async Task A_service_address_that_no_interface_has_is_captured_too(string address)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Socket proxy = Network.Listen(Network.Pod, RedirectionPorts.Outbound, Mark);
        var destination = new IPEndPoint(IPAddress.Parse(address), 80);

        await Network.ConnectAsync(Network.Pod, destination);

        Assert.Equal(destination, SocketMarks.OriginalDestinationOf(await Network.AcceptAsync(proxy), address.Contains(':')));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_proxys_own_connections_pass(bool ipv6)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Socket server = Network.Listen(Network.Peer, AppPort);

        await Network.ConnectAsync(Network.Pod, new IPEndPoint(PodAndPeer.PeerAddress(ipv6), AppPort), Mark);

        Assert.Equal(PodAndPeer.PodAddress(ipv6), SocketMarks.CallerOf(await Network.AcceptAsync(server)));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_inbound_connection_lands_on_the_plaintext_listener_and_hbone_on_its_own(bool ipv6)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Socket plaintext = Network.Listen(Network.Pod, RedirectionPorts.InboundPlaintext, Mark);
        Socket hbone = Network.Listen(Network.Pod, RedirectionPorts.InboundHbone, Mark);

        await Network.ConnectAsync(Network.Peer, new IPEndPoint(PodAndPeer.PodAddress(ipv6), AppPort));
        await Network.ConnectAsync(Network.Peer, new IPEndPoint(PodAndPeer.PodAddress(ipv6), RedirectionPorts.InboundHbone));

        Socket accepted = await Network.AcceptAsync(plaintext);
        Assert.Equal(new IPEndPoint(PodAndPeer.PodAddress(ipv6), AppPort), SocketMarks.OriginalDestinationOf(accepted, ipv6));
        Assert.Equal(PodAndPeer.PeerAddress(ipv6), SocketMarks.CallerOf(accepted));
        Assert.Equal(PodAndPeer.PeerAddress(ipv6), SocketMarks.CallerOf(await Network.AcceptAsync(hbone)));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_proxy_an_enrolled_pod_is_closed_both_ways(bool ipv6)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Network.Listen(Network.Pod, AppPort);
        Network.Listen(Network.Peer, AppPort);

        SocketException outbound = await Assert.ThrowsAsync<SocketException>(
            () => Network.ConnectAsync(Network.Pod, new IPEndPoint(PodAndPeer.PeerAddress(ipv6), AppPort)));
        SocketException inbound = await Assert.ThrowsAsync<SocketException>(
            () => Network.ConnectAsync(Network.Peer, new IPEndPoint(PodAndPeer.PodAddress(ipv6), AppPort)));

        Assert.Equal(SocketError.ConnectionRefused, outbound.SocketErrorCode);
        Assert.Equal(SocketError.ConnectionRefused, inbound.SocketErrorCode);
    }

    [RootTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.9.0.1")]
    [InlineData("fd09::1")]
    public async Task What_stays_inside_the_pod_is_not_captured(string address)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Socket app = Network.Listen(Network.Pod, AppPort);

        await Network.ConnectAsync(Network.Pod, new IPEndPoint(IPAddress.Parse(address), AppPort));

        Assert.Equal(IPAddress.Parse(address), SocketMarks.CallerOf(await Network.AcceptAsync(app)));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_application_sees_the_caller_and_its_answer_reaches_the_proxy(bool ipv6)
    {
        await RedirectAsync(new PodRedirectionSpec());
        Socket app = Network.Listen(Network.Pod, AppPort);

        Socket proxy = await Network.ConnectAsync(
            Network.Pod, new IPEndPoint(PodAndPeer.PodAddress(ipv6), AppPort), Mark, PodAndPeer.PeerAddress(ipv6));
        Socket accepted = await Network.AcceptAsync(app);
        await accepted.SendAsync("answer"u8.ToArray(), Network.Deadline);
        byte[] received = new byte[16];
        int length = await proxy.ReceiveAsync(received, Network.Deadline);

        Assert.Equal(PodAndPeer.PeerAddress(ipv6), SocketMarks.CallerOf(accepted));
        Assert.Equal("answer"u8.ToArray(), received[..length]);
        Assert.True(await CounterAsync("ct mark set ct mark") > 0);
        Assert.True(await CounterAsync("meta mark set ct mark") > 0);
    }

    [RootFact]
    public async Task Health_probes_pass()
    {
        await RedirectAsync(new PodRedirectionSpec());
        await Network.Peer.IpAsync("addr", "add", "169.254.7.127/32", "dev", "lo");
        await Network.Peer.IpAsync("addr", "add", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128", "dev", "lo", "nodad");
        Socket app = Network.Listen(Network.Pod, AppPort);

        foreach (bool ipv6 in new[] { false, true })
        {
            IPAddress probe = ipv6 ? ProbeAddresses.Default.V6 : ProbeAddresses.Default.V4;
            await Network.ConnectAsync(Network.Peer, new IPEndPoint(PodAndPeer.PodAddress(ipv6), AppPort), source: probe);

            Assert.Equal(probe, SocketMarks.CallerOf(await Network.AcceptAsync(app)));
        }
    }

    [RootFact]
    public async Task In_ingress_mode_what_comes_in_is_left_alone_and_what_goes_out_is_not()
    {
        await RedirectAsync(new PodRedirectionSpec { BypassInbound = true });
        Socket app = Network.Listen(Network.Pod, AppPort);
        Socket proxy = Network.Listen(Network.Pod, RedirectionPorts.Outbound, Mark);

        await Network.ConnectAsync(Network.Peer, new IPEndPoint(PodAndPeer.PodAddress(ipv6: false), AppPort));
        await Network.ConnectAsync(Network.Pod, new IPEndPoint(PodAndPeer.PeerAddress(ipv6: false), AppPort));

        Assert.Equal(PodAndPeer.PeerAddress(ipv6: false), SocketMarks.CallerOf(await Network.AcceptAsync(app)));
        await Network.AcceptAsync(proxy);
    }

    [RootFact]
    public async Task What_enters_by_a_virtual_interface_leaves_by_way_of_the_proxy()
    {
        _network = await PodAndPeer.CreateAsync();
        Assert.Null(await _redirector.ApplyAsync(
            Network.Pod.Path, new PodRedirectionSpec { VirtualInterfaces = [Network.Device] }, CancellationToken.None));
        Socket proxy = Network.Listen(Network.Pod, RedirectionPorts.Outbound, Mark);
        await Network.Peer.IpAsync("route", "add", "10.77.0.0/16", "via", "10.9.0.1");
        var destination = new IPEndPoint(IPAddress.Parse("10.77.0.1"), 443);

        await Network.ConnectAsync(Network.Peer, destination);

        Assert.Equal(destination, SocketMarks.OriginalDestinationOf(await Network.AcceptAsync(proxy), ipv6: false));
    }

    [RootFact]
    public async Task Dns_queries_land_on_the_dns_listener_and_the_proxys_own_do_not()
    {
        await RedirectAsync(new PodRedirectionSpec { DnsCapture = true });
        Socket listener = Network.Create(Network.Pod, AddressFamily.InterNetwork, SocketType.Dgram);
        SocketMarks.Set(listener, Mark);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, RedirectionPorts.Dns));
        Socket resolver = Network.Create(Network.Peer, AddressFamily.InterNetwork, SocketType.Dgram);
        resolver.Bind(new IPEndPoint(PodAndPeer.PeerAddress(ipv6: false), 53));
        Socket app = Network.Create(Network.Pod, AddressFamily.InterNetwork, SocketType.Dgram);
        Socket proxy = Network.Create(Network.Pod, AddressFamily.InterNetwork, SocketType.Dgram);
        SocketMarks.Set(proxy, Mark);

        await app.SendToAsync("app"u8.ToArray(), resolver.LocalEndPoint!, Network.Deadline);
        await proxy.SendToAsync("proxy"u8.ToArray(), resolver.LocalEndPoint!, Network.Deadline);

        Assert.Equal("app"u8.ToArray(), await ReceiveAsync(listener));
        Assert.Equal("proxy"u8.ToArray(), await ReceiveAsync(resolver));
        Assert.True(await CounterAsync("ct zone set 1") > 0);
    }

    [RootFact]
    public async Task Without_ipv6_only_ipv4_is_captured()
    {
        await RedirectAsync(new PodRedirectionSpec { Ipv6 = false });
        Socket server = Network.Listen(Network.Peer, AppPort);
        Socket proxy = Network.Listen(Network.Pod, RedirectionPorts.Outbound, Mark);

        await Network.ConnectAsync(Network.Pod, new IPEndPoint(PodAndPeer.PeerAddress(ipv6: true), AppPort));
        await Network.ConnectAsync(Network.Pod, new IPEndPoint(PodAndPeer.PeerAddress(ipv6: false), AppPort));

        Assert.Equal(PodAndPeer.PodAddress(ipv6: true), SocketMarks.CallerOf(await Network.AcceptAsync(server)));
        Assert.Equal(PodAndPeer.PodAddress(ipv6: false), SocketMarks.CallerOf(await Network.AcceptAsync(proxy)));
    }

    private async Task<byte[]> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[512];
        int length = await socket.ReceiveAsync(buffer, Network.Deadline);
        return buffer[..length];
    }

    private async Task RedirectAsync(PodRedirectionSpec spec)
    {
        _network = await PodAndPeer.CreateAsync();
        Assert.Null(await _redirector.ApplyAsync(Network.Pod.Path, spec, CancellationToken.None));
    }

    /// <summary>Packets counted by all rules of the pod whose text contains <paramref name="rule"/>.</summary>
    private async Task<long> CounterAsync(string rule)
    {
        string listing = await Network.Pod.RunAsync("nft", "list", "ruleset");
        return listing.Split('\n').Where(line => line.Contains(rule, StringComparison.Ordinal))
            .Select(line => line.Split("counter packets ")[1].Split(' ')[0])
            .Sum(long.Parse);
    }
}
