using Ambient.Cli.Text;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.State;
using Ambient.Lab.Ztunnels;

namespace Ambient.Cli.Sources;

/// <summary>Finds the admin port of a ztunnel of a lab.</summary>
internal static class LabDumpSource
{
    /// <param name="node">Null where the lab has one node alone.</param>
    /// <exception cref="CommandException">There is no such lab, node or ztunnel.</exception>
    public static IDumpSource Find(string lab, string? node)
    {
        IReadOnlyList<string> labs = LabStore.FindLabs(LabDirectory.DefaultRoot);
        LabState? state = labs.Contains(lab) ? new LabStore(new LabDirectory(LabDirectory.DefaultRoot, lab)).Load() : null;
        if (state is null)
        {
            throw new CommandException(
                $"there is no lab '{Printable.Of(lab)}'", labs.Count == 0 ? "Bring one up: ambientctl lab up" : Suggestion.For(lab, labs, "labs"));
        }

        string[] nodes = [.. state.Nodes.Select(record => record.Name)];
        if (node is null && nodes.Length != 1)
        {
            throw new CommandException($"lab {lab} has {nodes.Length} nodes", $"Add --node with one of {string.Join(", ", nodes)}.");
        }

        NodeRecord found = state.Nodes.FirstOrDefault(record => node is null || record.Name == node)
            ?? throw new CommandException($"lab {lab} has no node '{Printable.Of(node!)}'", Suggestion.For(node!, nodes, "nodes"));
        ProcessRecord process = state.Processes.LastOrDefault(process => process.Role == ProcessRole.Ztunnel && process.Owner == found.Name)
            ?? throw new CommandException($"node {found.Name} of lab {lab} runs no ztunnel", "A lab has them unless it was brought up with --plain.");
        return new ZtunnelDumpSource(
            new HostPort("localhost", ZtunnelSettings.PortOf(ZtunnelSettings.AdminPort, process.Generation)), NamespaceFiles.PathOf(found.Namespace));
    }
}
