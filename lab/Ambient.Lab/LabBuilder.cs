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
        var programs = LabPrograms.Find(options, spec.HasControlPlane);
        var store = new LabStore(new LabDirectory(options.Root, spec.Name));
        LabPlan plan = Claim(store, options.WithMesh ? spec : spec.WithoutMesh());
        var lab = new RunningLab(plan, store, programs);

        await new LabNetwork(Programs).BuildAsync(plan, cancellationToken);
        Report(begin, $"network     {plan.Nodes.Count} nodes, {plan.Pods.Count} pods, {plan.Subnet.RangeV4} and {plan.Subnet.RangeV6}");
        PodStarter.MakeCgroups(store.State.Cgroups);
        lab.ControlPlane?.Start();
        await PodStarter.StartAsync(lab, plan.Pods, cancellationToken);
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

    private async Task StartMeshAsync(RunningLab lab, long begin, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(lab.Directory.RootCertificates);
        Directory.CreateDirectory(Path.GetDirectoryName(lab.Directory.RevocationList)!);
        lab.SetPolicies(new MeshPolicies(lab.Plan.Spec.Policies));
        Task controlPlane = lab.ControlPlane?.WaitAsync(cancellationToken) ?? Task.CompletedTask;
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
        await controlPlane;
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
