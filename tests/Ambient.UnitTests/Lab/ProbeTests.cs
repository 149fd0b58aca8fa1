using System.Net;
using System.Net.Sockets;
using Ambient.Lab;
using Ambient.Lab.Probes;

namespace Ambient.UnitTests.Lab;

public sealed class ProbeTests
{
    [Fact]
    public async Task Both_probes_pass_against_their_own_server()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        int port = FindFreePort();
        Task server = new ProbeServer().RunAsync(port, limit.Token);
        var address = new IPEndPoint(IPAddress.Loopback, port);

        ProbeResult halfClose = await HalfCloseProbe.RunAsync(address, limit.Token);
        ProbeResult connections = await ConnectionsProbe.RunAsync(address, 100, limit.Token);
        await limit.CancelAsync();

        Assert.True(halfClose.Passed, halfClose.Text);
        Assert.True(connections.Passed, connections.Text);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Fact]
    public async Task A_path_that_closes_both_ways_at_once_is_found_out()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        int port = FindFreePort();
        Task server = new ProbeServer().RunAsync(port, limit.Token);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Task relay = CloseBothWaysAsync(listener, new IPEndPoint(IPAddress.Loopback, port), limit.Token);

        ProbeResult result = await HalfCloseProbe.RunAsync((IPEndPoint)listener.LocalEndPoint!, limit.Token);
        await limit.CancelAsync();

        Assert.False(result.Passed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => relay);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Fact]
    public async Task Nobody_listening_is_a_failed_probe_not_an_exception()
    {
        var address = new IPEndPoint(IPAddress.Loopback, FindFreePort());

        Assert.False((await HalfCloseProbe.RunAsync(address, CancellationToken.None)).Passed);
        Assert.False((await ConnectionsProbe.RunAsync(address, 3, CancellationToken.None)).Passed);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void Refuses_what_is_not_an_address_and_a_port(string text) => Assert.Throws<LabException>(() => ProbeAddress.Parse(text));

    /// <summary>A relay as wrong as can be: the first end of either direction ends both.</summary>
    private static async Task CloseBothWaysAsync(Socket listener, IPEndPoint server, CancellationToken cancellationToken)
    {
        while (true)
        {
            using Socket downstream = await listener.AcceptAsync(cancellationToken);
            using var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await upstream.ConnectAsync(server, cancellationToken);
            await Task.WhenAny(CopyAsync(downstream, upstream, cancellationToken), CopyAsync(upstream, downstream, cancellationToken));
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[65536];
        int read;
        while ((read = await from.ReceiveAsync(buffer, cancellationToken)) > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
