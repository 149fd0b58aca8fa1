using Ambient.Lab.Processes;
using Ambient.Lab.State;

namespace Ambient.Lab.Benchmarking;

/// <summary>CPU time of all ztunnels of a lab together.</summary>
internal sealed class ZtunnelCpu
{
    private readonly ProcessRecord[] _processes;
    private readonly LabDirectory _directory;

    /// <exception cref="LabException">A node has none, or it has ended.</exception>
    public ZtunnelCpu(LabState state, LabDirectory directory)
    {
        _directory = directory;
        _processes = [.. state.Nodes.Select(node => FindZtunnel(state, node))];
        _ = Seconds();
    }

    /// <exception cref="LabException">One has ended.</exception>
    public double Seconds() => _processes.Sum(process => ProcessCpuTime.FindSeconds(process)
        ?? throw new LabException($"The ztunnel of {process.Owner} has ended.", $"Its log: {_directory.ZtunnelLog(process.Owner)}"));

    private static ProcessRecord FindZtunnel(LabState state, NodeRecord node) =>
        state.Processes.LastOrDefault(process => process.Role == ProcessRole.Ztunnel && process.Owner == node.Name)
        ?? throw new LabException($"Node {node.Name} has no ztunnel.", $"Bring the lab up again: ambientctl lab down --name {state.Name}; ambientctl lab up --name {state.Name}");
}
