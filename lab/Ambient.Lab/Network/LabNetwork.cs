using Ambient.Lab.Plans;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Network;

/// <summary>Makes and deletes a lab's namespaces and the wiring between them.</summary>
public sealed class LabNetwork(IProgramRunner programs)
{
    public async Task BuildAsync(LabPlan plan, CancellationToken cancellationToken)
    {
        await RunBatchAsync(null, NetworkScript.AddNamespaces(plan.Namespaces), cancellationToken);
        await Task.WhenAll(plan.Nodes.Select(node => SetAsync(node.NamespacePath, [.. NetworkScript.NamespaceSettings, .. NetworkScript.NodeSettings], cancellationToken))
            .Concat(plan.Pods.Select(pod => SetAsync(pod.NamespacePath, NetworkScript.NamespaceSettings, cancellationToken))));
        if (plan.ControlPlane is { } control)
        {
            await RunBatchAsync(control.NamespacePath, NetworkScript.ForControlPlane(plan, control), cancellationToken);
        }

        await Task.WhenAll(plan.Nodes.Select(node => RunBatchAsync(node.NamespacePath, NetworkScript.ForNode(plan, node), cancellationToken)));
        await Task.WhenAll(plan.Pods.Select(pod => RunBatchAsync(pod.NamespacePath, NetworkScript.ForPod(pod), cancellationToken)));
        foreach (NodePlan node in plan.Nodes)
        {
            // In order: the first node of a pair makes the wire that the second one configures.
            await RunBatchAsync(node.NamespacePath, NetworkScript.ForLinks(plan, node), cancellationToken);
            await RunBatchAsync(node.NamespacePath, NetworkScript.ForGateways(plan, node, ipv6: false), cancellationToken);
            await RunBatchAsync(node.NamespacePath, NetworkScript.ForGateways(plan, node, ipv6: true), cancellationToken, "-6");
        }
    }

    /// <summary>Makes pods of nodes that are there.</summary>
    public async Task AddPodsAsync(IReadOnlyList<PodPlan> pods, CancellationToken cancellationToken)
    {
        await RunBatchAsync(null, NetworkScript.AddNamespaces(pods.Select(pod => pod.Namespace)), cancellationToken);
        await Task.WhenAll(pods.Select(pod => SetAsync(pod.NamespacePath, NetworkScript.NamespaceSettings, cancellationToken)));
        await Task.WhenAll(pods.GroupBy(pod => pod.Node).Select(node => RunBatchAsync(node.Key.NamespacePath, NetworkScript.AddPods(node), cancellationToken)));
        await Task.WhenAll(pods.Select(pod => RunBatchAsync(pod.NamespacePath, NetworkScript.ForPod(pod), cancellationToken)));
    }

    /// <summary>Deletes those namespaces that exist. Returns those that are still there.</summary>
    public async Task<IReadOnlyList<string>> DeleteAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        string[] present = [.. names.Where(name => File.Exists(NamespaceFiles.PathOf(name)))];
        if (present.Length > 0)
        {
            var command = new ProgramCommand("ip", "-force", "-batch", "-") { Input = NetworkScript.DeleteNamespaces(present) };
            await programs.RunAsync(command, cancellationToken);
        }

        return [.. present.Where(name => File.Exists(NamespaceFiles.PathOf(name)))];
    }

    /// <summary>Processes that live in a namespace.</summary>
    public async Task<IReadOnlyList<int>> FindProcessesAsync(string name, CancellationToken cancellationToken)
    {
        ProgramResult result = await programs.RunAsync(new ProgramCommand("ip", "netns", "pids", name), cancellationToken);
        return result.Succeeded ? [.. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] : [];
    }

    private Task SetAsync(string namespacePath, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
        RunAsync(new ProgramCommand("sysctl", ["-q", "-w", .. settings]) { NetworkNamespace = namespacePath }, cancellationToken);

    private Task RunBatchAsync(string? namespacePath, string script, CancellationToken cancellationToken, params IEnumerable<string> options) =>
        script.Length == 0
            ? Task.CompletedTask
            : RunAsync(new ProgramCommand("ip", [.. options, "-batch", "-"]) { Input = script, NetworkNamespace = namespacePath }, cancellationToken);

    private async Task RunAsync(ProgramCommand command, CancellationToken cancellationToken)
    {
        ProgramResult result = await programs.RunAsync(command, cancellationToken);
        if (!result.Succeeded)
        {
            string said = result.StandardError.Trim();
            throw new LabException(
                $"'{command}' ended with {result.ExitCode}: {(said.Length > 0 ? said : "no message")}",
                "The kernel must offer network namespaces, bridges and veth; in a container, run it privileged.");
        }
    }
}
