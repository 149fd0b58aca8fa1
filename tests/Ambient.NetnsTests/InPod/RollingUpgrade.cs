using System.Net;
using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Lab.Upgrades;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.InPod;

/// <summary>One rolling upgrade of both nodes of the default lab, while two programs open new connections as fast as they can.</summary>
public sealed class RollingUpgrade : IAsyncLifetime
{
    public IReadOnlyList<UpgradeResult> Nodes { get; private set; } = [];

    public IReadOnlyList<HttpLoadResult> Loads { get; private set; } = [];

    /// <summary>Ztunnels of before that still run.</summary>
    public IReadOnlyList<ProcessRecord> Left { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (Privilege.SkipReason is not null)
        {
            return;
        }

        await using MeshLab mesh = await MeshLab.BuildAsync();
        PodPlan client = mesh.Pod(DefaultLab.Curl);
        ProcessRecord[] old = [mesh.Lab.ZtunnelOf(mesh.NodeA), mesh.Lab.ZtunnelOf(mesh.NodeB)];
        using var upgraded = new CancellationTokenSource();
        Task<List<HttpLoadResult>[]> loads = Task.WhenAll(
            LoadUntilAsync(client, mesh.Pod(DefaultLab.Web).V4, upgraded.Token), LoadUntilAsync(client, mesh.Pod(DefaultLab.Web).V6, upgraded.Token));
        try
        {
            UpgradeResult server = await LabUpgrade.RunAsync(mesh.Lab, mesh.NodeB, _ => { }, CancellationToken.None);
            UpgradeResult caller = await LabUpgrade.RunAsync(mesh.Lab, mesh.NodeA, _ => { }, CancellationToken.None);
            Left = [.. old.Where(ProcessTable.IsAlive)];
            Nodes = [server, caller];
        }
        finally
        {
            // After a failed upgrade too: the loads need the lab that is taken down next.
            await upgraded.CancelAsync();
            Loads = [.. (await loads).SelectMany(results => results)];
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

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
