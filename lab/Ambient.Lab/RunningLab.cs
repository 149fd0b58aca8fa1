using Ambient.Lab.Mesh;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.State;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab;

/// <summary>A lab that is up, or on its way: starts its processes and writes its mesh file.</summary>
public sealed class RunningLab(LabPlan plan, LabStore store, string ztunnelProgram)
{
    public LabPlan Plan => plan;

    public LabDirectory Directory => store.Directory;

    public LabState State => store.State;

    /// <summary>Starts a process that outlives this one. It is recorded before it becomes the program.</summary>
    public ProcessRecord Start(LabProcessSpec spec)
    {
        using GatedProcess process = GatedProcess.Start(spec);
        store.Update(state => state with { Processes = [.. state.Processes, process.Record] });
        process.Release();
        return process.Record;
    }

    /// <summary>Starts the ztunnel of a node and waits until it is ready.</summary>
    public async Task<ProcessRecord> StartZtunnelAsync(NodePlan node, CancellationToken cancellationToken)
    {
        ProcessRecord process = StartZtunnel(node);
        await ZtunnelReadiness.WaitAsync(
            process, node.NamespacePath, ZtunnelSettings.ReadinessPort, Directory.ZtunnelLog(node.Name), cancellationToken);
        return process;
    }

    /// <summary>Starts the ztunnel of a node and returns at once.</summary>
    public ProcessRecord StartZtunnel(NodePlan node) => Start(
        new LabProcessSpec(ProcessRole.Ztunnel, node.Name, [ztunnelProgram], Directory.ZtunnelLog(node.Name))
        {
            NamespacePath = node.NamespacePath,
            Environment = ZtunnelSettings.ForNode(Directory, node.Name),
        });

    /// <summary>The latest ztunnel of a node.</summary>
    public ProcessRecord ZtunnelOf(NodePlan node) =>
        State.Processes.Last(process => process.Role == ProcessRole.Ztunnel && process.Owner == node.Name);

    /// <summary>Replaces the policies in the mesh file, which every ztunnel of the lab watches.</summary>
    public void SetPolicies(MeshPolicies policies) => MeshDocument.Write(Directory.MeshFile, MeshDocument.Render(plan, policies));
}
