using Ambient.Lab.Cgroups;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.State;

namespace Ambient.Lab;

/// <summary>What of a plan goes into the lab's state file.</summary>
internal static class LabRecords
{
    public static LabState Build(LabPlan plan) => new(plan.Spec.Name, LabPhase.Starting)
    {
        Scenario = plan.Spec.Scenario,
        HasControlPlane = plan.Spec.HasControlPlane,
        Replicas = StoreLab.ReplicasOf(plan.Spec),
        Subnet = plan.Subnet.Number,
        Namespaces = [.. plan.Namespaces],
        Cgroups = [.. new[] { CgroupTree.PathOf(GroupOf(plan.Spec.Name)) }.Concat(plan.Pods.Select(CgroupOf)).OfType<string>()],
        Nodes = [.. plan.Nodes.Select(node => new NodeRecord(node.Name, node.Namespace))],
        Pods = [.. plan.Pods.Select(BuildPod)],
        Services = [.. plan.Spec.Services.Select(service => BuildService(plan, service))],
    };

    public static string? CgroupOf(PodPlan pod) => CgroupTree.PathOf($"{GroupOf(LabOf(pod))}/{pod.Spec.Name}");

    /// <summary>The prefix of the lab's namespaces less its final dot.</summary>
    public static string GroupOf(string lab) => LabPlan.PrefixOf(lab).TrimEnd('.');

    private static string LabOf(PodPlan pod) => pod.Namespace[LabPlan.NamespacePrefix.Length..].Split('.')[0];

    private static PodRecord BuildPod(PodPlan pod) => new(
        pod.Spec.Name,
        pod.Spec.Namespace,
        pod.Spec.ServiceAccount,
        pod.Node.Name,
        pod.Namespace,
        CgroupOf(pod),
        pod.V4.ToString(),
        pod.V6.ToString(),
        pod.Spec.Enrolled);

    private static ServiceRecord BuildService(LabPlan plan, ServiceSpec service) => new(
        service.HostName,
        plan.ServiceAddress(service, ipv6: false).ToString(),
        plan.ServiceAddress(service, ipv6: true).ToString(),
        [.. service.Ports.Select(port => $"{port.Port}->{port.TargetPort}")]);
}
