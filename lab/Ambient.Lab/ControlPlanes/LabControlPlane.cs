using System.Net;
using Ambient.Kube.Client;
using Ambient.Lab.Mesh;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.ControlPlanes;

/// <summary>
/// The API server and the control plane of a lab: two processes, so that the objects outlive a restart of the control plane as they do in a
/// cluster.
/// </summary>
public sealed class LabControlPlane(RunningLab lab, ControlPlanePlan plan, string program)
{
    private const string TokenAudience = "istio-ca";
    private const string ReadyPath = "/ready";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private LabDirectory Directory => lab.Directory;

    /// <summary>The process that serves the nodes now.</summary>
    public ProcessRecord Process => lab.State.Processes.Last(process => process.Role == ProcessRole.ControlPlane);

    /// <summary>Starts the API server and returns at once; <see cref="WaitAsync"/> is next.</summary>
    public void Start()
    {
        LabAuthority.CreateRoot(Directory.RootCertificates);
        LabAuthority.IssueServer(Directory.RootCertificates, plan.Address, Directory.ServerCertificate, Directory.ServerKey);
        DemoManifests.WriteTo(Directory.Manifests);
        File.WriteAllText(Directory.Kubeconfig, RenderKubeconfig());
        lab.Start(new LabProcessSpec(
            ProcessRole.ApiServer, "api-server", [OwnProgram.Path, "probe", "api-server", "--manifests", Directory.Manifests], Directory.ApiServerLog)
        {
            NamespacePath = plan.NamespacePath,
        });
    }

    /// <summary>Starts the control plane, or its successor, and returns at once.</summary>
    public ProcessRecord StartProgram() => lab.Start(new LabProcessSpec(
        ProcessRole.ControlPlane,
        ControlPlanePlan.Name,
        [
            program, "--kubeconfig", Directory.Kubeconfig, "--clusterID", LabSpec.ClusterId, "--tlsCertFile", Directory.ServerCertificate, "--tlsKeyFile", Directory.ServerKey,
            "--grpcAddr", "off", "--httpAddr", $"127.0.0.1:{ControlPlanePlan.PagesPort}",
        ],
        Directory.ControlPlaneLog)
    {
        NamespacePath = plan.NamespacePath,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TOKEN_AUDIENCES"] = TokenAudience },
    });

    /// <summary>Starts the control plane, waits until both are ready, tells the API server what runs, and gives the nodes their tokens.</summary>
    /// <exception cref="LabException">One of them ended, or was not ready in time; the message has the end of its log.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        ProcessRecord server = lab.State.Processes.Last(process => process.Role == ProcessRole.ApiServer);
        await WaitUntilAsync(server, Directory.ApiServerLog, _ => Task.FromResult(HasManifests()), cancellationToken);
        StartProgram();
        using LabApi api = new(plan);
        try
        {
            LabKubelet kubelet = new(lab.Plan, api.Client);
            await kubelet.RegisterAsync(cancellationToken);
            await kubelet.ReportAsync(lab.Plan.Pods, cancellationToken);
        }
        catch (KubernetesException failure)
        {
            throw new LabException($"The API server did not take what runs: {failure.Message}", $"Its log: {Directory.ApiServerLog}");
        }

        foreach (NodePlan node in lab.Plan.Nodes)
        {
            MeshDocument.Write(Directory.Token(node.Name), await api.IssueTokenAsync(ZtunnelSettings.Namespace, ZtunnelSettings.ServiceAccount, TokenAudience, cancellationToken));
        }

        await WaitForProgramAsync(cancellationToken);
    }

    /// <summary>Waits until the control plane serves.</summary>
    /// <exception cref="LabException">It ended, or was not ready in time; the message has the end of its log.</exception>
    public async Task WaitForProgramAsync(CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(plan.NamespacePath);
        await WaitUntilAsync(
            Process,
            Directory.ControlPlaneLog,
            async ended => await http.GetAsync(ControlPlanePlan.PagesPort, ReadyPath, ended) is (HttpStatusCode.OK, _),
            cancellationToken);
    }

    private static string RenderKubeconfig() =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: lab
        clusters: [{ name: lab, cluster: { server: "http://127.0.0.1:{{ControlPlanePlan.ApiPort}}" } }]
        users: [{ name: lab, user: {} }]
        contexts: [{ name: lab, context: { cluster: lab, user: lab } }]

        """;

    private static async Task WaitUntilAsync(ProcessRecord process, string log, Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (!await isReady(cancellationToken))
        {
            if (!ProcessTable.IsAlive(process))
            {
                throw new LabException($"{process.Owner} ended at its start:\n{LogTail.Read(log)}", $"Its whole log: {log}");
            }

            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new LabException($"{process.Owner} was not ready after {Patience.TotalSeconds:0} s:\n{LogTail.Read(log)}", $"Its whole log: {log}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private bool HasManifests() =>
        File.Exists(Directory.ApiServerLog) && File.ReadLines(Directory.ApiServerLog).Any(line => line.StartsWith(ApiServerProcess.ReadyLine, StringComparison.Ordinal));
}
