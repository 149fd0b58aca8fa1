using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab;

/// <summary>What a lab looks like now, as lines of text.</summary>
public static class LabStatus
{
    /// <summary>Null when there is no such lab.</summary>
    public static async Task<IReadOnlyList<string>?> DescribeAsync(LabDirectory directory, CancellationToken cancellationToken)
    {
        if (new LabStore(directory).Load() is not { } state)
        {
            return null;
        }

        var lines = new List<string> { $"lab {state.Name}: {state.Phase.ToString().ToLowerInvariant()}, files in {directory.Path}", "" };
        lines.AddRange(TextTable.Render(["NODE", "ZTUNNEL", "READINESS"], await Task.WhenAll(state.Nodes.Select(node => DescribeNodeAsync(state, node, cancellationToken)))));
        lines.AddRange(state.Processes.LastOrDefault(process => process.Role == ProcessRole.ControlPlane) is { } control
            ? ["", $"control plane: process {Describe(control)}; enter it: ambientctl lab exec {ControlPlanePlan.Name} -- kubectl get pods -n {DefaultLab.Namespace}"]
            : []);
        lines.Add("");
        lines.AddRange(TextTable.Render(["POD", "NODE", "ENROLLED", "IPV4", "IPV6", "IDENTITY", "PROCESS"], state.Pods.Select(pod => DescribePod(state, pod))));
        lines.Add("");
        lines.AddRange(TextTable.Render(
            ["SERVICE", "IPV4", "IPV6", "PORTS"],
            state.Services.Select(service => new[] { service.HostName, service.AddressV4, service.AddressV6, string.Join(' ', service.Ports) })));
        return lines;
    }

    private static async Task<string[]> DescribeNodeAsync(LabState state, NodeRecord node, CancellationToken cancellationToken)
    {
        ProcessRecord? process = state.Processes.LastOrDefault(process => process.Role == ProcessRole.Ztunnel && process.Owner == node.Name);
        string path = NamespaceFiles.PathOf(node.Namespace);
        string readiness = process is null || !ProcessTable.IsAlive(process) || !File.Exists(path)
            ? "-"
            : await ZtunnelReadiness.AskAsync(path, ZtunnelSettings.PortOf(ZtunnelSettings.ReadinessPort, process.Generation), cancellationToken);
        return [node.Name, Describe(process), readiness];
    }

    private static string[] DescribePod(LabState state, PodRecord pod)
    {
        ProcessRecord? process = state.Processes.LastOrDefault(process => process.Role == ProcessRole.Workload && process.Owner == pod.Name);
        return [$"{pod.Namespace}/{pod.Name}", pod.Node, DescribeEnrolment(state, pod), pod.AddressV4, pod.AddressV6, $"{pod.Namespace}/{pod.ServiceAccount}", Describe(process)];
    }

    private static string DescribeEnrolment(LabState state, PodRecord pod) =>
        !pod.Enrolled ? "no" : state.PausedPods.Contains(pod.Name) ? "paused by bench" : "yes";

    private static string Describe(ProcessRecord? process) =>
        process is null ? "-" : ProcessTable.IsAlive(process) ? $"{process.Id}" : $"{process.Id} (ended)";
}
