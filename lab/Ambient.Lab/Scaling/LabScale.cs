using Ambient.Kube.Client;
using Ambient.Lab.ControlPlanes;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;

namespace Ambient.Lab.Scaling;

/// <summary>
/// Makes the pods behind the service of <see cref="StoreLab"/> more and fewer, in the order in which a cluster does: a pod is an endpoint once
/// it answers, and ends once it is none any more on every node and carries nothing.
/// </summary>
public sealed class LabScale(RunningLab lab, ControlPlanePlan control)
{
    /// <summary>How long a pod that is no endpoint any more may still carry what it had.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Of a workload that carries nothing any more.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromMilliseconds(500);

    private readonly LabNetwork _network = new(new ProgramRunner());
    private readonly PodRedirection _redirection = new(new NftablesRedirector(new ProgramRunner()));

    /// <exception cref="LabException">There is no such lab, it has no control plane, or the number is out of bounds.</exception>
    public static LabScale Open(LabOptions options, string name)
    {
        RunningLab lab = RunningLab.Open(options, name);
        return Of(lab);
    }

    /// <exception cref="LabException">The lab has no control plane.</exception>
    public static LabScale Of(RunningLab lab) => lab.Plan.ControlPlane is { } control
        ? new LabScale(lab, control)
        : throw new LabException($"Lab {lab.Plan.Spec.Name} reads its mesh from files.", "Bring it down, and up again without --files.");

    /// <summary>Completes once every node's ztunnel knows the new endpoints, or once the former pods are gone.</summary>
    /// <exception cref="LabException">The number is out of bounds, or a step failed; what was made so far is in the lab's records.</exception>
    public async Task RunAsync(int replicas, CancellationToken cancellationToken)
    {
        if (replicas is < StoreLab.MinReplicas or > StoreLab.MaxReplicas)
        {
            throw new LabException($"{StoreLab.Store} has from {StoreLab.MinReplicas} to {StoreLab.MaxReplicas} pods, not {replicas}.", "Choose a number between.");
        }

        LabPlan before = lab.Plan;
        LabPlan after = LabPlan.Build(StoreLab.WithReplicas(before.Spec, replicas), before.Subnet);
        PodPlan[] added = [.. after.Pods.Where(pod => before.FindPod(pod.Spec.Name) is null)];
        PodPlan[] removed = [.. before.Pods.Where(pod => after.FindPod(pod.Spec.Name) is null)];
        try
        {
            using LabApi api = new(control);
            await AddAsync(after, added, api.Client, cancellationToken);
            await RemoveAsync(after, removed, api.Client, cancellationToken);
        }
        catch (KubernetesException failure)
        {
            throw new LabException($"The API server did not take the change: {failure.Message}", $"Its log: {lab.Directory.ApiServerLog}");
        }
    }

    private async Task AddAsync(LabPlan after, PodPlan[] added, KubernetesClient client, CancellationToken cancellationToken)
    {
        if (added.Length == 0)
        {
            return;
        }

        lab.Adopt(after);
        await _network.AddPodsAsync(added, cancellationToken);
        PodStarter.MakeCgroups(added.Select(LabRecords.CgroupOf).OfType<string>());
        await PodStarter.StartAsync(lab, added, cancellationToken);
        await Task.WhenAll(added.Select(pod => _redirection.ApplyAsync(pod.Spec.Name, pod.NamespacePath, cancellationToken)));
        ServePods(after);
        await Task.WhenAll(added.Select(pod => PortWaiter.WaitAsync(
            lab.ZtunnelOf(pod.Node), pod.NamespacePath, LabSpec.HbonePort, lab.Directory.ZtunnelLog(pod.Node.Name), cancellationToken)));
        await new LabKubelet(after, client).ReportAsync(added, cancellationToken);
        await new ZtunnelWorkloads(lab).WaitAsync(added, isHealthy: true, cancellationToken);
    }

    private async Task RemoveAsync(LabPlan after, PodPlan[] removed, KubernetesClient client, CancellationToken cancellationToken)
    {
        if (removed.Length == 0)
        {
            return;
        }

        LabKubelet kubelet = new(lab.Plan, client);
        await kubelet.RetireAsync(removed, cancellationToken);
        await new ZtunnelWorkloads(lab).WaitAsync(removed, isHealthy: false, cancellationToken);
        ProcessRecord[] processes = [.. lab.State.Processes.Where(process => process.Role == ProcessRole.Workload && removed.Any(pod => pod.Spec.Name == process.Owner))];
        await Task.WhenAll(processes.Select(process => OpenConnections.WaitForNoneAsync(process, DefaultLab.WebPort, Grace, cancellationToken)));
        ServePods(after);
        await kubelet.DeleteAsync(removed, cancellationToken);
        await Task.WhenAll(processes.Select(process => ProcessTable.EndAsync(process, EndGrace, cancellationToken)));
        await _network.DeleteAsync([.. removed.Select(pod => pod.Namespace)], cancellationToken);
        lab.Adopt(after);
    }

    private void ServePods(LabPlan plan)
    {
        foreach (NodePlan node in plan.Nodes)
        {
            lab.SetPods(node, plan.Pods.Where(pod => pod.Node.Name == node.Name && pod.Spec.Enrolled));
        }
    }
}
