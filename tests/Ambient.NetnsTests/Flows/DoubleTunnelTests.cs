using System.Net.Sockets;
using System.Text;
using Ambient.Testing;
using Ambient.Testing.Flows;

namespace Ambient.NetnsTests.Flows;

/// <summary>
/// node-proxy 11.1, double_hbone1, with real pods: captured traffic of a pod on one network reaches a pod on another, by way of a gateway that has
/// an interface in both and sees only what it forwards.
/// </summary>
public sealed class DoubleTunnelTests
{
    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pod_reaches_a_pod_of_another_network_through_the_gateway(bool ipv6)
    {
        await using TwoNetworks networks = await TwoNetworks.CreateAsync(ipv6);
        using Socket application = networks.ListenInFarPod();
        Task<string> serving = ServeOnceAsync(application);

        using Socket caller = await networks.ConnectFromNearPodAsync();
        try
        {
            await caller.SendAsync(Encoding.ASCII.GetBytes("hello world"));
            caller.Shutdown(SocketShutdown.Send);
            Assert.Equal("hello worldhello world", await ReceiveAllAsync(caller));
        }
        catch (SocketException cut)
        {
            Assert.Fail($"{cut.Message}\n{networks.Near.Log}\n{networks.Far.Log}");
        }

        Assert.Equal("hello world", await serving);
        ConnectSeen seen = Assert.Single(networks.Gateway.Seen);
        Assert.Equal("remote.shop:80", seen.Authority);
        Assert.Null(seen.ForwardedNetwork);
        string outbound = await networks.Near.WaitForLogAsync("connection complete");
        Assert.Contains($"dst.addr={networks.GatewayEndPoint} dst.hbone_addr=remote.shop:80", outbound, StringComparison.Ordinal);
        Assert.Contains("dst.identity=\"spiffe://cluster.local/ns/shop/sa/far\"", outbound, StringComparison.Ordinal);
        Assert.Contains("dst.workload=\"far-app\"", outbound, StringComparison.Ordinal);
        Assert.Contains("bytes_sent=11 bytes_recv=22", outbound, StringComparison.Ordinal);
        string inbound = await networks.Far.WaitForLogAsync("connection complete");
        Assert.Contains("src.identity=\"spiffe://cluster.local/ns/shop/sa/client\"", inbound, StringComparison.Ordinal);
        Assert.Contains("src.workload=\"client\"", inbound, StringComparison.Ordinal);
        Assert.DoesNotContain("error=", inbound, StringComparison.Ordinal);
    }

    private static async Task<string> ServeOnceAsync(Socket listener)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using Socket accepted = await listener.AcceptAsync(patience.Token);
        string received = await ReceiveAllAsync(accepted);
        await accepted.SendAsync(Encoding.ASCII.GetBytes(received + received));
        accepted.Shutdown(SocketShutdown.Send);
        return received;
    }

    private static async Task<string> ReceiveAllAsync(Socket socket)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        StringBuilder text = new();
        byte[] buffer = new byte[1024];
        for (int read; (read = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token)) > 0;)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
