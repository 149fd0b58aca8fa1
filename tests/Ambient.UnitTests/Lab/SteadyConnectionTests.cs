using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Probes;
using Ambient.Lab.Upgrades;

namespace Ambient.UnitTests.Lab;

/// <summary>The eyes of an upgrade: were they wrong, it would report nothing lost whatever happened.</summary>
public sealed class SteadyConnectionTests
{
    [Fact]
    public async Task Is_kept_when_every_byte_comes_back()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        (Task server, IPEndPoint address) = Serve(limit.Token);
        using SteadyConnection connection = await SteadyConnection.OpenAsync(null, address, seed: 1, limit.Token);
        await UntilAsync(() => connection.Bytes > 0, limit.Token);

        Assert.True(await connection.FinishAsync());
        Assert.True(connection.Bytes > 0);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("lost")]
    [InlineData("cut")]
    public async Task Is_not_kept_when_a_byte_is(string fate)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = MeddleAsync(listener, fate, limit.Token);
        using SteadyConnection connection = await SteadyConnection.OpenAsync(null, (IPEndPoint)listener.LocalEndpoint, seed: 1, limit.Token);
        await UntilAsync(() => fate == "cut" ? connection.Ended != 0 : connection.Bytes > 0, limit.Token);

        Assert.False(await connection.FinishAsync());
        await serving;
        Assert.NotEqual(0, connection.Ended);
    }

    [Fact]
    public async Task A_cut_by_the_other_side_is_seen_and_its_absence_too()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using SteadyConnection connection = await SteadyConnection.OpenAsync(null, (IPEndPoint)listener.LocalEndpoint, seed: 1, limit.Token);
        using Socket accepted = await listener.AcceptSocketAsync(limit.Token);

        Assert.False(await connection.IsCutAsync(TimeSpan.FromMilliseconds(1)));
        accepted.Close(timeout: 0);
        Assert.True(await connection.IsCutAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Sends back what comes, but for one byte; or ends both ways after the first bytes.</summary>
    private static async Task MeddleAsync(TcpListener listener, string fate, CancellationToken cancellation)
    {
        using Socket socket = await listener.AcceptSocketAsync(cancellation);
        byte[] order = new byte["echo\n".Length];
        await socket.ReceiveAsync(order, cancellation);
        byte[] buffer = new byte[64 * 1024];
        bool isDone = false;
        for (int read; (read = await socket.ReceiveAsync(buffer, cancellation)) > 0;)
        {
            int from = !isDone && fate == "lost" ? 1 : 0;
            buffer[0] ^= (byte)(!isDone && fate == "changed" ? 1 : 0);
            await socket.SendAsync(buffer.AsMemory(from, read - from), cancellation);
            isDone = true;
            if (fate == "cut")
            {
                return;
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (!condition())
        {
            await Task.Delay(1, cancellation);
        }
    }

    private static (Task Server, IPEndPoint Address) Serve(CancellationToken cancellation)
    {
        using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        probe.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        int port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        probe.Dispose();
        return (new ProbeServer().RunAsync(port, cancellation), new IPEndPoint(IPAddress.Loopback, port));
    }
}
