using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Grpc;
using Ambient.InProcessTests.ControlPlane;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Security;
using Ambient.Mesh.State;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Authorization = Ambient.Xds.Messages.Authorization;

namespace Ambient.InProcessTests.Cli;

/// <summary>The commands that ask a control plane, with real proxies connected to it.</summary>
public sealed class ControlPlaneCommandTests
{
    private const string StuckId = "ztunnel~10.0.0.8~stuck.istio-system~istio-system.svc.cluster.local";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly MeshResource DenyAll = new(
        new ResourceKey(ResourceKind.Authorization, "shop/deny-all"),
        new Authorization { Name = "deny-all", Namespace = "shop", Scope = AuthorizationScope.Namespace, Action = AuthorizationAction.Deny });

    private static IReadOnlyList<ObjectChange> DenyAllObject(long generation = 1) =>
        [ObjectChange.Upsert(new AuthorizationPolicy { Metadata = new ObjectMeta { Name = "deny-all", Namespace = "shop", Generation = generation } })];

    [Fact]
    public async Task Wait_ends_with_0_once_every_proxy_has_accepted_the_object()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        await ConnectAsync(rig, "node-1", "node-2");
        Task<(int Code, string Output, string Error)> waiting = rig.RunAsync("wait", "authorizationpolicy/deny-all", "-n", "shop", "--timeout", "30");

        rig.Apply(DenyAllObject(), DenyAll);

        (int code, string output, string error) = await waiting.WaitAsync(Patience);
        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith("AuthorizationPolicy shop/deny-all is live on 2 of 2\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ends_with_1_and_names_the_proxy_that_lacks_it()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        await ConnectAsync(rig, "node-1");
        using GrpcChannel channel = rig.Discovery.Channel();
        await using GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stuck = await OpenSilentAsync(rig, channel);
        rig.Apply(DenyAllObject(), DenyAll);

        (int code, string output, string error) = await rig.RunAsync("wait", "ap/deny-all", "-n", "shop", "--timeout", "1");

        Assert.Equal(1, code);
        Assert.Contains("AuthorizationPolicy shop/deny-all: live on ", output, StringComparison.Ordinal);
        Assert.Contains("AuthorizationPolicy shop/deny-all is not in force everywhere: live on 1 of 2\n  stuck on node-9: is at 0 of 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_tells_a_refusal_from_being_slow()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        using GrpcChannel channel = rig.Discovery.Channel();
        await using GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> picky = await OpenSilentAsync(rig, channel);
        rig.Apply(DenyAllObject(), DenyAll);
        DeltaDiscoveryResponse response = await ReadUntilAsync(picky, answer => answer.Resources.Count > 0);
        await picky.WriteAsync(new DeltaDiscoveryRequest
        {
            TypeUrl = XdsTypes.Authorization, ResponseNonce = response.Nonce, ErrorDetail = new Status { Code = 3, Message = "unknown \u001b[31mscope" },
        });
        await rig.Discovery.ReportAsync(report => report.Types.Any(type => type.Refusals == 1));

        (int code, _, string error) = await rig.RunAsync("wait", "ap/deny-all", "-n", "shop", "--timeout", "0");
        (_, string status, _) = await rig.RunAsync("proxy-status", "-o", "wide");

        Assert.Equal(1, code);
        Assert.Contains("  stuck on node-9: refused the response that holds it: unknown ?[31mscope\n", error, StringComparison.Ordinal);
        Assert.Contains("unknown ?[31mscope", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_for_a_generation_does_not_take_an_earlier_one()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        await ConnectAsync(rig, "node-1");
        rig.Apply(DenyAllObject(generation: 2), DenyAll);

        (int early, _, string error) = await rig.RunAsync("wait", "ap/deny-all", "-n", "shop", "--generation", "3", "--timeout", "0");
        rig.Apply(DenyAllObject(generation: 3));
        (int late, _, _) = await rig.RunAsync("wait", "ap/deny-all", "-n", "shop", "--generation", "3", "--timeout", "30");

        Assert.Equal((1, 0), (early, late));
        Assert.Contains("the control plane has generation 2, not 3 yet", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_says_when_there_is_no_proxy_and_when_there_is_no_object()
    {
        await using MeshRig rig = await MeshRig.StartAsync();

        (int unknown, _, string why) = await rig.RunAsync("wait", "ap/deny-all", "-n", "shop", "--timeout", "0");
        rig.Apply(DenyAllObject(), DenyAll);
        (int alone, _, string reason) = await rig.RunAsync("wait", "ap/deny-all", "-n", "shop", "--timeout", "0");

        Assert.Equal((1, 1), (unknown, alone));
        Assert.Contains("the control plane does not know it yet", why, StringComparison.Ordinal);
        Assert.Contains("no proxy is connected", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxies_on_demand_are_waited_for_once_they_have_asked()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        (XdsClient client, MeshStore store) = rig.Discovery.Connect("node-1", onDemand: true);
        await client.Ready.WaitAsync(Patience);
        rig.Discovery.Publish(DiscoveryRig.Workload("Kubernetes//Pod/shop/web-0", "10.0.0.1", "node-2"));

        (int code, string output, _) = await rig.RunAsync("wait", "pod/web-0", "-n", "shop", "--timeout", "30");
        Assert.Equal((0, "Pod shop/web-0 is live on 0 of 0: no proxy asked for it\n"), (code, output));

        await client.FetchAsync(new Mesh.State.ResourceName("Kubernetes//Pod/shop/web-0")).AsTask().WaitAsync(Patience);
        await DiscoveryRig.UntilAsync(store, mesh => mesh.FindWorkload("Kubernetes//Pod/shop/web-0") is not null);
        (_, output, _) = await rig.RunAsync("wait", "pod/web-0", "-n", "shop", "--timeout", "30");
        Assert.EndsWith("Pod shop/web-0 is live on 1 of 1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_status_lists_the_furthest_behind_first()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        await ConnectAsync(rig, "node-1");
        using GrpcChannel channel = rig.Discovery.Channel();
        await using GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stuck = await OpenSilentAsync(rig, channel);
        rig.Apply(DenyAllObject(), DenyAll);
        await rig.Discovery.ReportAsync(report => report.Node.NodeName == "node-1" && report.HasAccepted(XdsTypes.Authorization, 1));

        (int code, string output, _) = await rig.RunAsync("ps");

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 3), (code, lines.Length));
        Assert.StartsWith("NAME", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("stuck.istio-system", lines[1], StringComparison.Ordinal);
        Assert.Contains("BEHIND 1 at 0", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("ztunnel-node-1.istio-system", lines[2], StringComparison.Ordinal);
        Assert.Contains("SYNCED 1", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listings_show_what_a_control_plane_tells_every_node()
    {
        await using MeshRig rig = await MeshRig.StartAsync();
        rig.Apply(DenyAllObject(), DenyAll);
        rig.Discovery.Publish(DiscoveryRig.Workload("web-0", "10.0.0.1", "node-2"));

        (int workloads, string listed, _) = await rig.RunAsync("workloads", "--node", "node-2");
        (int policies, string enforced, _) = await rig.RunAsync("policies");

        Assert.Equal((0, 0), (workloads, policies));
        Assert.Contains("shop        web-0      10.0.0.1   node-2", listed, StringComparison.Ordinal);
        Assert.Contains("shop        deny-all      Deny     Namespace", enforced, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_without_files_gives_the_findings_of_the_control_plane()
    {
        await using MeshRig rig = await MeshRig.StartAsync();

        (int none, string nothing, string good) = await rig.RunAsync("analyze");
        rig.Findings.Enqueue(new Finding(new ObjectKey(ObjectKind.Service, "shop", "web"), Reasons.WaypointIsNotReady, "waypoint shop/gate does not exist", null));
        (int some, string found, _) = await rig.RunAsync("analyze");

        Assert.Equal((0, ""), (none, nothing));
        Assert.Contains("honours every object", good, StringComparison.Ordinal);
        Assert.Equal((1, "Error [WaypointIsNotReady] (Service shop/web) waypoint shop/gate does not exist\n"), (some, found));
    }

    private static async Task ConnectAsync(MeshRig rig, params string[] nodes)
    {
        foreach (string node in nodes)
        {
            (XdsClient client, _) = rig.Discovery.Connect(node);
            await client.Ready.WaitAsync(Patience);
        }
    }

    // Subscribes to policies, accepts the first answer, and says nothing more.
    private static async Task<GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse>> OpenSilentAsync(MeshRig rig, GrpcChannel channel)
    {
        GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call = rig.Discovery.Open(channel);
        DeltaDiscoveryRequest first = new() { TypeUrl = XdsTypes.Authorization, Node = new Node { Id = StuckId, Metadata = new() { Fields = { ["NODE_NAME"] = new() { StringValue = "node-9" } } } } };
        await call.WriteAsync(first);
        DeltaDiscoveryResponse answer = await ReadUntilAsync(call, _ => true);
        await call.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Authorization, ResponseNonce = answer.Nonce });
        await rig.Discovery.ReportAsync(report => report.Node.Id == StuckId && report.Types.Length == 1);
        return call;
    }

    private static async Task<DeltaDiscoveryResponse> ReadUntilAsync(
        GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, Func<DeltaDiscoveryResponse, bool> isWanted)
    {
        while (true)
        {
            DeltaDiscoveryResponse response = await call.ReadAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("the stream ended");
            if (isWanted(response))
            {
                return response;
            }
        }
    }
}
