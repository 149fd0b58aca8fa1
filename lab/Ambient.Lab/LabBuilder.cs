using Ambient.Lab.Cgroups;
using Ambient.Lab.Mesh;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;

namespace Ambient.Lab;

/// <summary>Brings a lab up. Each step is written down before it is taken, so that <see cref="LabRemover"/> finds whatever a crash leaves.</summary>
public sealed class LabBuilder(LabOptions options)
{
    private static readonly ProgramRunner Programs = new();

    private readonly PodRedirection _redirection = new(new NftablesRedirector(Programs));

    /// <exception cref="LabException">It could not be brought up; what was made so far is still there.</exception>
    public async Task<RunningLab> BuildAsync(LabSpec spec, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        CheckMachine(spec);
        string ztunnel = options.WithMesh ? ZtunnelProgram.Find(options.Ztunnel) : "";
        var store = new LabStore(new LabDirectory(options.Root, spec.Name));
        LabPlan plan = Claim(store, options.WithMesh ? spec : spec.WithoutMesh());
        var lab = new RunningLab(plan, store, ztunnel);

        await new LabNetwork(Programs).BuildAsync(plan, cancellationToken);
        Report(begin, $"network     {plan.Nodes.Count} nodes, {plan.Pods.Count} pods, {plan.Subnet.RangeV4} and {plan.Subnet.RangeV6}");
        MakeCgroups(store.State);
        await StartWorkloadsAsync(lab, cancellationToken);
        Report(begin, $"workloads   {string.Join(", ", plan.Pods.Where(pod => pod.Spec.Workload is not null).Select(pod => pod.Spec.Name))}");
        if (options.WithMesh)
        {
            await StartMeshAsync(lab, begin, cancellationToken);
        }

        store.Update(state => state with { Phase = LabPhase.Up });
        Report(begin, "up");
        return lab;
    }

    private static void CheckMachine(LabSpec spec)
    {
        if (Privileges.FindMissing() is { } missing)
        {
            throw new LabException($"A lab needs network namespaces: {missing}.", "Run it as root on a machine or in a privileged container.");
        }

        RequiredPrograms.Check(RequiredPrograms.OfEveryLab.Concat(spec.Pods.Select(pod => pod.Workload?.Program).OfType<string>()));
    }

    private LabPlan Claim(LabStore store, LabSpec spec)
    {
        // Names do not depend on the subnet, so the record is complete before anything else exists.
        LabPlan names = LabPlan.Build(spec, new LabSubnet(0));
        store.Create(LabRecords.Build(names));
        LabPlan plan = LabPlan.Build(spec, store.ClaimSubnet());
        store.Update(_ => LabRecords.Build(plan) with { HasAgents = options.WithAgents });
        return plan;
    }

    private static void MakeCgroups(LabState state)
    {
        foreach (string path in state.Cgroups)
        {
            CgroupTree.TryCreate(path);
        }
    }

    private static async Task StartWorkloadsAsync(RunningLab lab, CancellationToken cancellationToken)
    {
        await Task.WhenAll(lab.Plan.Pods.Select(async pod =>
        {
            string directory = lab.Directory.PodDirectory(pod.Spec.Name);
            Directory.CreateDirectory(directory);
            if (pod.Spec.Workload is not { } workload)
            {
                return;
            }

            ProcessRecord process = lab.Start(new LabProcessSpec(
                ProcessRole.Workload, pod.Spec.Name, workload.Prepare(directory, lab.Plan), lab.Directory.PodLog(pod.Spec.Name))
            {
                NamespacePath = pod.NamespacePath,
                Cgroup = LabRecords.CgroupOf(pod),
            });
            if (workload.Port is { } port)
            {
                await PortWaiter.WaitAsync(process, pod.NamespacePath, port, lab.Directory.PodLog(pod.Spec.Name), cancellationToken);
            }
        }));
    }

    private async Task StartMeshAsync(RunningLab lab, long begin, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(lab.Directory.RootCertificates);
        Directory.CreateDirectory(Path.GetDirectoryName(lab.Directory.RevocationList)!);
        lab.SetPolicies(new MeshPolicies(lab.Plan.Spec.Policies));
        foreach (NodePlan node in lab.Plan.Nodes)
        {
            lab.SetPods(node, lab.Plan.Pods.Where(pod => pod.Node == node && pod.Spec.Enrolled));
            if (options.WithAgents)
            {
                lab.StartAgent(node);
            }
        }

        // Redirection comes first, as on a node: a pod is never open between its enrolment and the proxy's start.
        await Task.WhenAll(lab.Plan.Pods.Where(pod => pod.Spec.Enrolled).Select(pod => _redirection.ApplyAsync(pod.Spec.Name, pod.NamespacePath, cancellationToken)));
        Report(begin, $"redirection {_redirection.Mode} in {string.Join(", ", lab.Plan.Pods.Where(pod => pod.Spec.Enrolled).Select(pod => pod.Spec.Name))}");
        await Task.WhenAll(lab.Plan.Nodes.Select(async node =>
        {
            ProcessRecord process = await lab.StartZtunnelAsync(node, generation: 0, cancellationToken);
            Report(begin, $"ztunnel     {node.Name} ready, process {process.Id}");
        }));
        foreach (PodPlan gateway in lab.Plan.Pods.Where(pod => pod.Spec.IsNetworkGateway))
        {
            await lab.StartGatewayAsync(gateway, cancellationToken);
            Report(begin, $"gateway     {gateway.Spec.Name} ready, the way into network {gateway.Node.Network}");
        }
    }

    private void Report(long begin, string text) => options.Report($"{TimeProvider.System.GetElapsedTime(begin).TotalSeconds,5:0.0} s  {text}");
}
