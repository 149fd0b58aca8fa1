using System.Net;
using Ambient.ApiServer.Faults;
using Ambient.ControlPlane;
using Ambient.ControlPlane.Configuration;
using Ambient.InProcessTests.Xds;
using Ambient.Mesh.State;
using Ambient.Xds;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.InProcessTests.ControlPlane;

public sealed class ControlPlaneAppTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_has_what_is_written_and_no_longer_what_is_deleted()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        await rig.WritePodAsync("before", "10.0.0.1");
        ControlPlaneApp app = await rig.ServeAsync();
        (XdsClient client, MeshStore store, _) = rig.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);
        Assert.True(ControlPlaneRig.HasPod(store.Current, "before"));

        await rig.WritePodAsync("after", "10.0.0.2");
        await DiscoveryRig.UntilAsync(store, mesh => ControlPlaneRig.HasPod(mesh, "after"));
        await rig.DeletePodAsync("before");
        await DiscoveryRig.UntilAsync(store, mesh => !ControlPlaneRig.HasPod(mesh, "before"));

        Assert.True(ControlPlaneRig.HasPod(store.Current, "after"));
    }

    [Fact]
    public async Task No_node_is_served_before_every_kind_was_read()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        rig.Api.Faults.Add(new FaultRule(Fault.InternalError, "/services"));
        ControlPlaneApp app = await rig.StartAppAsync();
        using HttpClient http = new();
        Uri ready = new($"http://{app.PageAddresses[0]}/ready");
        using HttpResponseMessage early = await http.GetAsync(ready);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Contains("services", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(app.PlainAddress);

        rig.Api.Faults.Clear();
        await app.Serving.WaitAsync(Patience);
        using HttpResponseMessage later = await http.GetAsync(ready);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.NotNull(app.PlainAddress);
    }

    [Fact]
    public async Task While_the_API_server_is_away_nodes_keep_their_state_and_afterwards_everything_converges()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        await rig.WritePodAsync("stays", "10.0.0.1");
        await rig.WritePodAsync("goes", "10.0.0.2");
        ControlPlaneApp app = await rig.ServeAsync();
        (XdsClient client, MeshStore store, _) = rig.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);

        // The control plane alone is cut off: it must list again, and is refused.
        rig.Api.Faults.Add(new FaultRule(Fault.Away, "/pods") { Method = "GET" });
        rig.Api.Faults.ExpireWatches();
        await rig.WritePodAsync("comes", "10.0.0.3");
        await rig.DeletePodAsync("goes");
        (XdsClient late, MeshStore other, _) = rig.Connect(app.PlainAddress!);
        await late.Ready.WaitAsync(Patience);
        Assert.True(ControlPlaneRig.HasPod(store.Current, "stays") && ControlPlaneRig.HasPod(store.Current, "goes"));
        Assert.True(ControlPlaneRig.HasPod(other.Current, "stays") && ControlPlaneRig.HasPod(other.Current, "goes"));

        rig.Api.Faults.Clear();
        await DiscoveryRig.UntilAsync(store, mesh => ControlPlaneRig.HasPod(mesh, "comes") && !ControlPlaneRig.HasPod(mesh, "goes"));
        await DiscoveryRig.UntilAsync(other, mesh => ControlPlaneRig.HasPod(mesh, "comes") && !ControlPlaneRig.HasPod(mesh, "goes"));
        Assert.True(ControlPlaneRig.HasPod(store.Current, "stays"));
    }

    [Fact]
    public async Task A_node_keeps_its_state_over_a_restart_and_is_sent_the_difference_alone()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        foreach (int index in Enumerable.Range(1, 20))
        {
            await rig.WritePodAsync($"pod-{index}", $"10.0.1.{index}");
        }

        ControlPlaneApp first = await rig.ServeAsync();
        (XdsClient client, MeshStore store, RecordedXdsEvents events) = rig.Connect(first.PlainAddress!);
        await client.Ready.WaitAsync(Patience);
        int port = first.PlainAddress!.Port;
        await rig.StopAsync(first);
        (XdsStreamEnd end, string detail, _) = await events.NextEndAsync();
        Assert.Equal(XdsStreamEnd.Reconnect, end);
        Assert.Contains("transport is closing", detail, StringComparison.Ordinal);
        Assert.Equal(20, store.Current.WorkloadCount);
        long appliedBefore = events.UpdatedResources;

        await rig.WritePodAsync("new", "10.0.2.1");
        await rig.DeletePodAsync("pod-7");
        await rig.ServeAsync(port: port);
        await DiscoveryRig.UntilAsync(store, mesh => ControlPlaneRig.HasPod(mesh, "new") && !ControlPlaneRig.HasPod(mesh, "pod-7"));

        Assert.Equal(20, store.Current.WorkloadCount);
        Assert.Equal(1, events.UpdatedResources - appliedBefore);
    }

    [Fact]
    public async Task Metrics_tell_who_is_connected_and_what_was_sent_under_the_names_of_an_istiod()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        await rig.WritePodAsync("before", "10.0.0.9");
        ControlPlaneApp app = await rig.ServeAsync();
        (XdsClient client, MeshStore store, _) = rig.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);
        await rig.WritePodAsync("web", "10.0.0.1");
        await DiscoveryRig.UntilAsync(store, mesh => ControlPlaneRig.HasPod(mesh, "web"));
        using HttpClient http = new();
        Uri address = new($"http://{app.PageAddresses[1]}/metrics");
        string text = string.Empty;

        // The answer of the proxy arrives after it has the pod.
        await ControlPlaneRig.UntilAsync(async () =>
        {
            text = await http.GetStringAsync(address);
            return text.Contains("pilot_proxy_convergence_time_count 1\n", StringComparison.Ordinal);
        });

        Assert.Matches("pilot_xds\\{version=\"[^\"]+\",kind=\"ztunnel\"\\} 1\n", text);
        Assert.Contains("pilot_xds_pushes{type=\"wds\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("pilot_k8s_reg_events{type=\"Pod\",event=\"add\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("pilot_debounce_time_count ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_manifests_stands_in_for_a_cluster()
    {
        using Testing.Certs.TemporaryDirectory folder = new();
        await File.WriteAllTextAsync(folder["mesh.yaml"], """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {serviceAccountName: web, nodeName: node-1, containers: [{name: web, image: web}]}
            status: {phase: Running, podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
            """);
        IPEndPoint free = new(IPAddress.Loopback, 0);
        ControlPlaneOptions options = new()
        {
            Cluster = new ClusterOptions { Manifests = folder.Path },
            Serving = new ServingOptions { PlainAddress = free, SecureAddress = null, HttpAddress = null, MonitoringAddress = null },
            Statuses = new StatusOptions { Identity = "replica-1" },
        };
        await using ControlPlaneRig proxies = await ControlPlaneRig.StartAsync();
        await using ControlPlaneApp app = new(options, NullLoggerFactory.Instance, TimeProvider.System);
        await app.StartAsync(CancellationToken.None);
        await app.Serving.WaitAsync(Patience);
        (XdsClient client, MeshStore store, _) = proxies.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);

        Assert.True(ControlPlaneRig.HasPod(store.Current, "web"));
    }

    [Fact]
    public async Task A_start_without_a_cluster_names_the_next_step()
    {
        ControlPlaneOptions options = new()
        {
            Cluster = new ClusterOptions { Kubeconfig = "/nonexistent/kubeconfig" },
            Serving = new ServingOptions { HttpAddress = null, MonitoringAddress = null },
        };
        await using ControlPlaneApp app = new(options, NullLoggerFactory.Instance, TimeProvider.System);

        StartException error = await Assert.ThrowsAsync<StartException>(() => app.StartAsync(CancellationToken.None));

        Assert.Contains("/nonexistent/kubeconfig", error.Message, StringComparison.Ordinal);
        Assert.Contains("--manifests", error.Message, StringComparison.Ordinal);
    }
}
