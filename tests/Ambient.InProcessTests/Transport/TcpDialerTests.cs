using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Transport;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

public sealed class TcpDialerTests
{
    private const int LevelSocket = 1;
    private const int LevelTcp = 6;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Connects_over_both_families_and_knows_the_canonical_peer(string address)
    {
        await using var rig = new LoopRig();
        IPAddress canonical = IPAddress.Parse(address).IsIPv4MappedToIPv6 ? IPAddress.Loopback : IPAddress.Parse(address);
        using Socket listener = Listen(canonical);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await rig.RunAsync(async loop =>
        {
            DialResult result = await TcpDialer.ConnectAsync(loop, new IPEndPoint(IPAddress.Parse(address), port), DialOptions.Default);
            using LoopSocket socket = Assert.IsType<LoopSocket>(result.Socket);
            Assert.Null(result.Failure);
            Assert.Equal(new IPEndPoint(canonical, port), socket.RemoteEndPoint);
            Assert.Equal(SourceBind.NotRequested, result.SourceBind);
        });
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_refused_connection_is_a_value(string address)
    {
        await using var rig = new LoopRig();
        IPEndPoint unused;
        using (Socket listener = Listen(IPAddress.Parse(address)))
        {
            unused = (IPEndPoint)listener.LocalEndPoint!;
        }

        await rig.RunAsync(async loop =>
        {
            DialResult result = await TcpDialer.ConnectAsync(loop, unused, DialOptions.Default);
            Assert.Null(result.Socket);
            Assert.Equal(FailureReason.Refused, result.Failure!.Reason);
            Assert.Equal(FailurePhase.Connect, result.Failure.Phase);
            Assert.Equal(FailureSide.Upstream, result.Failure.Side);
            Assert.Contains(unused.ToString(), result.Failure.Message);
            Assert.Equal(0, loop.Load);
        });
    }

    [Fact]
    public async Task Gives_up_when_nobody_answers_in_time()
    {
        await using var rig = new LoopRig();
        // A listener with a full queue drops further SYNs, as a firewall would.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var destination = (IPEndPoint)listener.LocalEndPoint!;
        using var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await filler.ConnectAsync(destination);
        await rig.RunAsync(async loop =>
        {
            var options = new DialOptions { Timeout = TimeSpan.FromMilliseconds(200) };
            long before = TimeProvider.System.GetTimestamp();
            DialResult result = await TcpDialer.ConnectAsync(loop, destination, options);
            Assert.Null(result.Socket);
            Assert.Equal(FailureReason.TimedOut, result.Failure!.Reason);
            Assert.True(TimeProvider.System.GetElapsedTime(before) >= options.Timeout);
            Assert.Equal(0, loop.Load);
        });
    }

    [Fact]
    public async Task Sets_the_options_it_was_given()
    {
        await using var rig = new LoopRig();
        using Socket listener = Listen(IPAddress.Loopback);
        await rig.RunAsync(async loop =>
        {
            var options = new DialOptions
            {
                Socket = new SocketOptionSet(Keepalive: KeepaliveOptions.Default, UserTimeout: TimeSpan.FromSeconds(20), CongestionControl: "reno"),
            };
            DialResult result = await TcpDialer.ConnectAsync(loop, (IPEndPoint)listener.LocalEndPoint!, options);
            using LoopSocket socket = result.Socket!;
            Assert.Equal(1, Option(socket, LevelTcp, 1));
            Assert.Equal(1, Option(socket, LevelSocket, 9));
            Assert.Equal(180, Option(socket, LevelTcp, 4));
            Assert.Equal(180, Option(socket, LevelTcp, 5));
            Assert.Equal(9, Option(socket, LevelTcp, 6));
            Assert.Equal(20_000, Option(socket, LevelTcp, 18));
        });
    }

    [Fact]
    public async Task An_option_that_the_kernel_refuses_fails_the_connection_on_our_side()
    {
        await using var rig = new LoopRig();
        using Socket listener = Listen(IPAddress.Loopback);
        await rig.RunAsync(async loop =>
        {
            var options = new DialOptions { Socket = new SocketOptionSet(CongestionControl: "no-such-algorithm") };
            DialResult result = await TcpDialer.ConnectAsync(loop, (IPEndPoint)listener.LocalEndPoint!, options);
            Assert.Null(result.Socket);
            Assert.Equal(FailureSide.Proxy, result.Failure!.Side);
        });
    }

    [Fact]
    public async Task A_source_that_is_the_destination_itself_needs_no_bind()
    {
        await using var rig = new LoopRig();
        using Socket listener = Listen(IPAddress.Loopback);
        await rig.RunAsync(async loop =>
        {
            var options = new DialOptions { TransparentSource = new IPEndPoint(IPAddress.Loopback, 0) };
            DialResult result = await TcpDialer.ConnectAsync(loop, (IPEndPoint)listener.LocalEndPoint!, options);
            using LoopSocket socket = result.Socket!;
            Assert.Equal(SourceBind.NotNeeded, result.SourceBind);
        });
    }

    [Fact]
    public async Task A_source_of_the_other_family_is_reported_and_does_not_fail_the_connection()
    {
        await using var rig = new LoopRig();
        using Socket listener = Listen(IPAddress.Loopback);
        await rig.RunAsync(async loop =>
        {
            var options = new DialOptions { TransparentSource = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0) };
            DialResult result = await TcpDialer.ConnectAsync(loop, (IPEndPoint)listener.LocalEndPoint!, options);
            using LoopSocket socket = result.Socket!;
            Assert.Equal(SourceBind.Failed, result.SourceBind);
            Assert.Equal(IPAddress.Loopback, socket.LocalEndPoint.Address);
        });
    }

    internal static int Option(LoopSocket socket, int level, int name)
    {
        using var view = new Socket(new SafeSocketHandle(socket.FileDescriptor, ownsHandle: false));
        Span<byte> value = stackalloc byte[sizeof(int)];
        view.GetRawSocketOption(level, name, value);
        return BitConverter.ToInt32(value);
    }

    private static Socket Listen(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(16);
        return listener;
    }
}
