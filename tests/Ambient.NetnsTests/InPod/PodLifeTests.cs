using System.Net.Sockets;
using Ambient.Lab.Mesh;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Lab.Ztunnels;
using Ambient.Testing;

namespace Ambient.NetnsTests.InPod;

/// <summary>Pods, agents and ztunnels that come and go, seen by the applications (node-proxy 6.4, 10, 11.1).</summary>
public sealed class PodLifeTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: web\r\n\r";

    [RootFact]
    public async Task A_deleted_pods_connections_break_and_new_ones_carry_nothing()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        PodPlan echo = mesh.Pod(DefaultLab.Echo);
        using Socket open = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), echo.V4, DefaultLab.EchoPort);
        Assert.True(await MeshLab.CarriesAsync(open, "hold", "held"));

        mesh.Lab.SetPods(mesh.NodeB, [mesh.Pod(DefaultLab.Web)]);

        Assert.Empty(await MeshLab.ReceiveAsync(open));
        using Socket next = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), echo.V4, DefaultLab.EchoPort);
        Assert.False(await MeshLab.CarriesAsync(next, "held", "held"));
        Assert.Contains("hello from web", (await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), $"http://{mesh.Pod(DefaultLab.Web).V4}:{DefaultLab.WebPort}/")).Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_pod_whose_workload_is_not_known_yet_waits_for_it()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        string meshFile = mesh.Lab.Directory.MeshFile;
        string whole = await File.ReadAllTextAsync(meshFile);
        MeshDocument.Write(meshFile, "workloads: []\nservices: []\npolicies: []\n");
        await MeshLab.WaitUntilAsync(async () => !await DumpAsync(mesh.NodeA, "\"uid\": \"lab//Pod/demo/curl\""), "ztunnel has forgotten the workload");

        using Socket early = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), mesh.Pod(DefaultLab.Echo).V4, DefaultLab.EchoPort);
        Task<bool> carries = MeshLab.CarriesAsync(early, "hold", "held");
        MeshDocument.Write(meshFile, whole);

        Assert.True(await carries);
    }

    [RootFact]
    public async Task Connections_outlive_the_node_agent_and_its_successor()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        using Socket open = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), mesh.Pod(DefaultLab.Echo).V6, DefaultLab.EchoPort);
        Assert.True(await MeshLab.CarriesAsync(open, "hold", "held"));
        ProcessRecord agent = mesh.Lab.State.Processes.Last(process => process.Role == ProcessRole.NodeAgent && process.Owner == mesh.NodeA.Name);

        Assert.True(await ProcessTable.EndAsync(agent, TimeSpan.Zero, CancellationToken.None));
        await MeshLab.WaitUntilAsync(async () => await ReadinessAsync(mesh.NodeA) != "ready", "the loss of the agent is noticed");
        using Socket meanwhile = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), mesh.Pod(DefaultLab.Echo).V4, DefaultLab.EchoPort);
        Assert.True(await MeshLab.CarriesAsync(meanwhile, "hold", "held"));
        mesh.Lab.StartAgent(mesh.NodeA);
        await MeshLab.WaitUntilAsync(async () => await ReadinessAsync(mesh.NodeA) == "ready", "the new agent's snapshot is there");

        open.Shutdown(SocketShutdown.Send);
        Assert.Empty(await MeshLab.ReceiveAsync(open));
    }

    [RootFact]
    public async Task A_ztunnel_that_stops_finishes_its_connections_and_takes_no_new_ones()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        PodPlan web = mesh.Pod(DefaultLab.Web);
        using Socket open = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), web.V4, DefaultLab.WebPort);
        Assert.True(await MeshLab.CarriesAsync(open, Get, "HTTP/1.1 200"));
        ProcessRecord ztunnel = mesh.Lab.ZtunnelOf(mesh.NodeB);

        ProcessTable.Terminate(ztunnel);
        await MeshLab.WaitUntilAsync(async () => (await File.ReadAllTextAsync(mesh.Lab.Directory.ZtunnelLog(mesh.NodeB.Name))).Contains("draining", StringComparison.Ordinal), "the drain begins");
        Assert.True(await MeshLab.CarriesAsync(open, Get, "HTTP/1.1 200"));
        open.Dispose();

        Assert.True(await ProcessTable.WaitForEndAsync(ztunnel, TimeSpan.FromSeconds(10), CancellationToken.None));
        using Socket next = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), web.V4, DefaultLab.WebPort);
        Assert.False(await MeshLab.CarriesAsync(next, Get, "HTTP/1.1"));
    }

    private static Task<string> ReadinessAsync(NodePlan node) =>
        ZtunnelReadiness.AskAsync(node.NamespacePath, ZtunnelSettings.ReadinessPort, CancellationToken.None);

    private static async Task<bool> DumpAsync(NodePlan node, string part)
    {
        using var http = new Ambient.Lab.Network.NamespaceHttp(node.NamespacePath);
        return (await http.GetAsync(ZtunnelSettings.AdminPort, "/config_dump", CancellationToken.None))?.Body.Contains(part, StringComparison.Ordinal) == true;
    }
}
