using System.Net;
using Ambient.Lab;
using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.NetnsTests.Lab;
using Ambient.Testing;
using Ambient.Testing.Namespaces;
using Xunit.Abstractions;

namespace Ambient.NetnsTests.InPod;

/// <summary>A rolling upgrade of both nodes under load (node-proxy 10.3).</summary>
[Collection(TimedCollection.Name)]
public sealed class UpgradeTests(ITestOutputHelper output)
{
    [RootFact]
    public async Task No_connection_that_ends_within_the_drain_time_is_lost()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        PodPlan client = mesh.Pod(DefaultLab.Curl);
        ProcessRecord[] old = [mesh.Lab.ZtunnelOf(mesh.NodeA), mesh.Lab.ZtunnelOf(mesh.NodeB)];
        using var upgraded = new CancellationTokenSource();
        Task<List<HttpLoadResult>> v4 = LoadUntilAsync(client, mesh.Pod(DefaultLab.Web).V4, upgraded.Token);
        Task<List<HttpLoadResult>> v6 = LoadUntilAsync(client, mesh.Pod(DefaultLab.Web).V6, upgraded.Token);

        await LabUpgrade.RunAsync(mesh.Lab, mesh.NodeB, output.WriteLine, CancellationToken.None);
        await LabUpgrade.RunAsync(mesh.Lab, mesh.NodeA, output.WriteLine, CancellationToken.None);

        await upgraded.CancelAsync();
        Assert.All(old, process => Assert.False(ProcessTable.IsAlive(process)));
        foreach (HttpLoadResult result in (await Task.WhenAll(v4, v6)).SelectMany(results => results))
        {
            output.WriteLine($"{result.AllOperations} connections, {result.Errors} errors {result.FirstError}");
            Assert.Equal((200, 0L), (result.Status, result.Errors));
        }
    }

    /// <summary>One load after the other, as each may make only so many connections.</summary>
    private static async Task<List<HttpLoadResult>> LoadUntilAsync(PodPlan from, IPAddress address, CancellationToken end)
    {
        List<HttpLoadResult> results = [];
        while (!end.IsCancellationRequested)
        {
            results.Add(await LoadAsync(from, address));
        }

        return results;
    }

    private static async Task<HttpLoadResult> LoadAsync(PodPlan from, IPAddress address)
    {
        string json = await Command.RunAsync(
            "nsenter", $"--net={from.NamespacePath}", Path.Combine(AppContext.BaseDirectory, "ambientctl"),
            "probe", "http-load", "--server", $"{new IPEndPoint(address, DefaultLab.WebPort)}", "--mode", "NewConnections", "--connections", "4", "--seconds", "4");
        return HttpLoadJson.Read(json)!;
    }
}
