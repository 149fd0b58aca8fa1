using System.Net.Sockets;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Testing;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.InPod;

/// <summary>How the proxy's sockets in a pod are made (node-proxy 6.5).</summary>
public sealed class SocketOptionTests
{
    [RootFact]
    public async Task Every_socket_in_a_pod_is_marked_and_two_generations_can_listen()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        PodPlan curl = mesh.Pod(DefaultLab.Curl);
        using Socket open = await MeshLab.ConnectAsync(curl, mesh.Pod(DefaultLab.Echo).V4, DefaultLab.EchoPort);
        Assert.True(await MeshLab.CarriesAsync(open, "hold", "held"));

        string listening = await Command.RunAsync("nsenter", $"--net={curl.NamespacePath}", "ss", "-Htlne");
        string outgoing = await Command.RunAsync("nsenter", $"--net={curl.NamespacePath}", "ss", "-Htne", "dport", "=", "15008");
        string[] sockets = [.. $"{listening}\n{outgoing}".Split('\n', StringSplitOptions.RemoveEmptyEntries)];

        Assert.InRange(sockets.Length, 4, int.MaxValue);
        Assert.All(sockets, socket => Assert.Contains("fwmark:0x539", socket, StringComparison.Ordinal));
        ProcessRecord second = await mesh.Lab.StartZtunnelAsync(mesh.NodeA, generation: 1, CancellationToken.None);
        string both = await Command.RunAsync("nsenter", $"--net={curl.NamespacePath}", "ss", "-Htln", "sport", "=", "15008");
        Assert.Equal(2, both.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(ProcessTable.IsAlive(second));
    }
}
