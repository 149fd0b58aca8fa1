using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Ambient.Lab.Demo.Facts;
using Ambient.Lab.Demo.Wire;
using Ambient.Lab.Mesh;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Lab.Upgrades;
using Ambient.Lab.Workloads;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.Demo.Stages;

/// <summary>The demo in a lab of namespaces, with redirection.</summary>
internal sealed class LabStage : IDemoStage
{
    private readonly RunningLab _lab;
    private readonly LabOptions _options;
    private readonly bool _keep;
    private int _recordings;

    private LabStage(RunningLab lab, LabOptions options, bool keep)
    {
        _lab = lab;
        _options = options;
        _keep = keep;
        Targets = [.. BuildTargets(lab.Plan)];
    }

    public RunningLab? Lab => _lab;

    public string? ClientNamespace => Pod(DefaultLab.Curl).NamespacePath;

    public string? OutsiderNamespace => Pod(DefaultLab.Legacy).NamespacePath;

    public IReadOnlyList<DemoTarget> Targets { get; }

    public IPEndPoint ProbeServer => new(Pod(DefaultLab.Echo).V4, DefaultLab.EchoPort);

    public string? OutsiderUrl => $"http://{Pod(DefaultLab.LegacyWeb).V4}:{DefaultLab.WebPort}/";

    public string ClientPrincipal => Pod(DefaultLab.Curl).Spec.Principal;

    public string ServerPrincipal => Pod(DefaultLab.Web).Spec.Principal;

    public string ServerFiles => Path.Combine(_lab.Directory.PodDirectory(DefaultLab.Web), NginxWorkload.FilesDirectory);

    public string ServerAccessLog => Path.Combine(_lab.Directory.PodDirectory(DefaultLab.Web), NginxWorkload.AccessLog);

    public ZtunnelView ClientZtunnel => View(DefaultLab.NodeA);

    public ZtunnelView ServerZtunnel => View(DefaultLab.NodeB);

    public IReadOnlyList<string> NextSteps
    {
        get
        {
            string option = _lab.Plan.Spec.Name == LabName.Default ? "" : $" --name {_lab.Plan.Spec.Name}";
            return
            [
                $"ambientctl lab status{option}",
                $"ambientctl lab exec{option} {DefaultLab.Curl} -- curl -s {Targets[2].BaseUrl}",
                $"tail -f {_lab.Directory.ZtunnelLog(DefaultLab.NodeB)}",
                $"nsenter --net={Node(DefaultLab.NodeA).NamespacePath} tcpdump -n -i {Node(DefaultLab.NodeB).InterfaceToHere}",
                $"ambientctl lab exec{option} {ControlPlanePlan.Name} -- kubectl get pods -n {DefaultLab.Namespace}",
                $"ambientctl lab exec{option} {ControlPlanePlan.Name} -- ambientctl proxy-status",
                $"ambientctl lab scale{option} 25",
                $"edit {_lab.Directory.Manifests}/*.yaml   (a change is in force within a second)",
                $"ambientctl lab down{option}",
            ];
        }
    }

    /// <exception cref="LabException">The lab could not be brought up; it was removed again.</exception>
    public static async Task<LabStage> OpenAsync(DemoOptions demo, LabOptions options, CancellationToken cancellationToken)
    {
        var remover = new LabRemover(options);
        if (await remover.RemoveAsync(demo.LabName, cancellationToken))
        {
            options.Report("removed the lab that an earlier run left");
        }

        try
        {
            RunningLab lab = await new LabBuilder(options).BuildAsync(StoreLab.Build(demo.LabName), cancellationToken);
            var stage = new LabStage(lab, options, demo.Keep);
            await File.WriteAllBytesAsync(Path.Combine(stage.ServerFiles, DemoNames.Blob), RandomNumberGenerator.GetBytes(CapacityFact.BlobBytes), cancellationToken);
            return stage;
        }
        catch (Exception failure) when (failure is LabException or OperationCanceledException or IOException)
        {
            await remover.RemoveAsync(demo.LabName, CancellationToken.None);
            throw;
        }
    }

    public async Task<IWireRecording> RecordAsync(CancellationToken cancellationToken)
    {
        LinkPlan link = _lab.Plan.Links[0];
        string file = Path.Combine(_lab.Directory.Path, $"wire-{_recordings++}.pcap");
        return await TcpdumpRecording.StartAsync(link.Left.NamespacePath, link.Right.InterfaceToHere, link.RightV4, file, cancellationToken);
    }

    public void SetPolicies(MeshPolicies policies) => _lab.SetPolicies(policies);

    public async Task KillServerZtunnelAsync(CancellationToken cancellationToken) =>
        await ProcessTable.EndAsync(_lab.ZtunnelOf(Node(DefaultLab.NodeB)), TimeSpan.Zero, cancellationToken);

    public void StartServerZtunnel() => _lab.StartZtunnel(Node(DefaultLab.NodeB));

    public async IAsyncEnumerable<UpgradeResult> UpgradeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string node in new[] { DefaultLab.NodeB, DefaultLab.NodeA })
        {
            yield return await LabUpgrade.RunAsync(_lab, Node(node), _ => { }, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_keep)
        {
            await new LabRemover(_options).RemoveAsync(_lab.Plan.Spec.Name, CancellationToken.None);
        }
    }

    private static IEnumerable<DemoTarget> BuildTargets(LabPlan plan)
    {
        PodPlan client = plan.Pod(DefaultLab.Curl);
        PodPlan server = plan.Pod(DefaultLab.Web);
        ServiceSpec service = plan.Spec.Services.First(service => service.Name == DefaultLab.Web);
        foreach (bool isPodAddress in new[] { true, false })
        {
            foreach (bool ipv6 in new[] { false, true })
            {
                IPAddress address = isPodAddress ? server.Address(ipv6) : plan.ServiceAddress(service, ipv6);
                int port = isPodAddress ? DefaultLab.WebPort : DefaultLab.ServicePort;
                yield return new DemoTarget(
                    $"{(isPodAddress ? "pod" : "service")} address, {(ipv6 ? "IPv6" : "IPv4")}",
                    $"http://{new IPEndPoint(address, port)}/",
                    client.Address(ipv6).ToString(),
                    isPodAddress);
            }
        }
    }

    private PodPlan Pod(string name) => _lab.Plan.Pod(name);

    private NodePlan Node(string name) => _lab.Plan.Node(name);

    private ZtunnelView View(string node) =>
        new(
            $"ztunnel of {node}",
            _lab.Directory.ZtunnelLog(node),
            Node(node).NamespacePath,
            ZtunnelSettings.PortOf(ZtunnelSettings.StatsPort, _lab.ZtunnelOf(Node(node)).Generation));
}
