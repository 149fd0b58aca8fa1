using System.Text.Json.Nodes;
using Ambient.ApiServer.Faults;
using Ambient.ApiServer.Storage;
using Ambient.ControlPlane;
using Ambient.Kube.Resources;
using Ambient.Mesh.State;
using Ambient.Xds;

namespace Ambient.InProcessTests.ControlPlane;

public sealed class ApiOutageTests
{
    private const int ClockFactor = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_ten_minutes_without_an_API_server_nodes_have_kept_their_streams_and_get_what_happened_meanwhile(bool hasForgotten)
    {
        await using ReliabilityRig rig = await ReliabilityRig.StartAsync();
        await rig.Client.CreateAsync(KubernetesResources.Pods, ReliabilityRig.Pod("stays", "10.0.0.1"), CancellationToken.None);
        await rig.Client.CreateAsync(KubernetesResources.Pods, ReliabilityRig.Pod("goes", "10.0.0.2"), CancellationToken.None);
        FastClock clock = new(ClockFactor);
        ControlPlaneApp app = await rig.ServeAsync(clock);
        (XdsClient client, MeshStore store) = rig.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);
        DateTimeOffset connectedAt = Assert.Single(app.State.Discovery.Proxies).ConnectedAt;
        string before = ReliabilityRig.Describe(store.Current);

        rig.Api.Faults.Add(new FaultRule(Fault.Away));
        rig.Api.Faults.CutWatches();
        long began = clock.GetTimestamp();
        ServedKind pods = rig.Api.Kinds.Find("", "v1", "pods")!;
        rig.Api.Storage.Change(pods, ReliabilityRig.Home, "goes", _ => null);
        rig.Api.Storage.Change(pods, ReliabilityRig.Home, "comes", _ => StoredPod("comes", "10.0.0.3"));
        while (clock.GetElapsedTime(began) < Outage)
        {
            Assert.Equal(before, ReliabilityRig.Describe(store.Current));
            await Task.Delay(100);
        }

        if (hasForgotten)
        {
            rig.Api.Storage.Forget(pods);
        }

        rig.Api.Faults.Clear();
        await DiscoveryRig.UntilAsync(store, mesh => Names(mesh).SequenceEqual(["comes", "stays"]));
        Assert.Equal(connectedAt, Assert.Single(app.State.Discovery.Proxies).ConnectedAt);
    }

    private static IEnumerable<string> Names(MeshSnapshot mesh) => mesh.Workloads.Select(workload => workload.Name).Order(StringComparer.Ordinal);

    // Written past the API, which is away for everybody.
    private static JsonObject StoredPod(string name, string ip) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["namespace"] = ReliabilityRig.Home, ["name"] = name, ["uid"] = $"uid-{name}" },
        ["spec"] = new JsonObject { ["nodeName"] = "node-1" },
        ["status"] = new JsonObject { ["phase"] = "Running", ["podIP"] = ip },
    };
}
