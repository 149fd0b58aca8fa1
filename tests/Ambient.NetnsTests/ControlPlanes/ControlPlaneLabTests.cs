using System.Net.Sockets;
using Ambient.Lab.ControlPlanes;
using Ambient.Lab.Mesh;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Scaling;
using Ambient.Lab.Specs;
using Ambient.NetnsTests.InPod;
using Ambient.Testing;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.ControlPlanes;

/// <summary>A lab whose nodes are told of the mesh by a control plane, and that is looked at and changed with kubectl.</summary>
public sealed class ControlPlaneLabTests
{
    private const int Visits = 20;

    private static readonly PolicySpec OnlyAnother = new("only-another", DefaultLab.Namespace, PolicyScope.Namespace, PolicyAction.Allow)
    {
        Principals = [$"{LabSpec.TrustDomain}/ns/{DefaultLab.Namespace}/sa/another"],
    };

    [RootFact]
    public async Task A_control_plane_that_is_killed_and_comes_back_affects_no_connection()
    {
        await using MeshLab mesh = await BuildAsync();
        LabControlPlane control = mesh.Lab.ControlPlane!;
        using Socket live = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), mesh.Pod(DefaultLab.Echo).V4, DefaultLab.EchoPort);
        Assert.True(await MeshLab.CarriesAsync(live, "echo\nready", "ready"));

        Assert.True(await ProcessTable.EndAsync(control.Process, TimeSpan.Zero, CancellationToken.None));
        await VisitAsync(mesh);
        Assert.True(await MeshLab.CarriesAsync(live, "alone", "alone"));
        control.StartProgram();
        await control.WaitForProgramAsync(CancellationToken.None);
        await VisitAsync(mesh);
        Assert.True(await MeshLab.CarriesAsync(live, "again", "again"));

        // What changes from now on reaches the nodes: they are its proxies again.
        mesh.Lab.SetPolicies(new MeshPolicies([OnlyAnother]));
        Assert.Empty(await MeshLab.ReceiveAsync(live));
        await MeshLab.WaitUntilAsync(async () => (await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), StoreUrl(mesh))).ExitCode != 0, "the policy refuses curl");
    }

    [RootFact]
    public async Task What_a_pod_still_sends_when_the_service_shrinks_arrives_whole()
    {
        await using MeshLab mesh = await BuildAsync();
        LabScale scale = LabScale.Of(mesh.Lab);
        await scale.RunAsync(StoreLab.MinReplicas + 1, CancellationToken.None);
        PodPlan leaving = mesh.Pod($"{StoreLab.Store}-{StoreLab.MinReplicas}");
        using Socket live = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), leaving.V4, DefaultLab.WebPort);
        Assert.True(await MeshLab.CarriesAsync(live, "GET / HTTP/1.1\r\nHost: store\r\n\r", "HTTP/1.1 200"));
        await live.SendAsync("GET / HTTP/1.1\r\n"u8.ToArray());

        Task shrinking = scale.RunAsync(StoreLab.MinReplicas, CancellationToken.None);
        string[] readiness = ["get", "pod", leaving.Spec.Name, "-n", DefaultLab.Namespace, "-o", "jsonpath={.status.conditions[0].status}"];
        await MeshLab.WaitUntilAsync(async () => (await KubectlAsync(mesh, readiness)).Output == "False", "the pod is no endpoint any more");

        Assert.True(await MeshLab.CarriesAsync(live, "Host: store\r\nConnection: close\r\n\r", "HTTP/1.1 200"));
        live.Close();
        await shrinking;
        Assert.False(File.Exists(leaving.NamespacePath));
        await VisitAsync(mesh);
    }

    [RootFact]
    public async Task A_pod_whose_label_kubectl_takes_away_gets_no_requests_of_the_service()
    {
        await using MeshLab mesh = await BuildAsync();

        foreach (int number in new[] { 0, 1 })
        {
            CommandResult labelled = await KubectlAsync(mesh, "label", "pod", $"{StoreLab.Store}-{number}", "-n", DefaultLab.Namespace, "app-");
            Assert.True(labelled.ExitCode == 0, labelled.Error);
        }

        await MeshLab.WaitUntilAsync(
            async () =>
            {
                string[] answers = [.. await Task.WhenAll(Enumerable.Range(0, Visits).Select(async _ => (await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), StoreUrl(mesh))).Output))];
                return answers.All(answer => answer.StartsWith($"hello from {StoreLab.Store}-2", StringComparison.Ordinal));
            },
            "only the pod that kept its label answers");
    }

    [RootFact]
    public async Task Kubectl_lists_what_runs_with_its_addresses()
    {
        await using MeshLab mesh = await BuildAsync();

        CommandResult listed = await KubectlAsync(mesh, "get", "pods", "-n", DefaultLab.Namespace);

        Assert.True(listed.ExitCode == 0, listed.Error);
        Assert.All(mesh.Lab.Plan.Pods, pod => Assert.Single(
            listed.Output.Split('\n'),
            line => line.StartsWith($"{pod.Spec.Name} ", StringComparison.Ordinal) && line.Contains($" {pod.V4} ", StringComparison.Ordinal) && line.Contains(pod.Node.Name, StringComparison.Ordinal)));
    }

    private static Task<MeshLab> BuildAsync() => MeshLab.BuildAsync(spec => StoreLab.Build(spec.Name));

    private static string StoreUrl(MeshLab mesh) => $"http://{mesh.Service(StoreLab.Store, ipv6: false)}:{DefaultLab.ServicePort}/";

    private static async Task VisitAsync(MeshLab mesh)
    {
        for (int visit = 0; visit < Visits; visit++)
        {
            CommandResult answer = await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), StoreUrl(mesh));
            Assert.True(answer.ExitCode == 0, answer.Error);
        }
    }

    private static Task<CommandResult> KubectlAsync(MeshLab mesh, params string[] words) => Command.TryRunAsync(
        "nsenter", [$"--net={mesh.Lab.Plan.ControlPlane!.NamespacePath}", "kubectl", "--kubeconfig", mesh.Lab.Directory.Kubeconfig, "--cache-dir", Path.Combine(mesh.Lab.Directory.Path, "kubectl-cache"), .. words]);
}
