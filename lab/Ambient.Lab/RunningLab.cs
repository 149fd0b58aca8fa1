using Ambient.Lab.ControlPlanes;
using Ambient.Lab.Mesh;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab;

/// <summary>A lab that is up, or on its way: starts its processes and writes its mesh file.</summary>
public sealed class RunningLab(LabPlan plan, LabStore store, LabPrograms programs)
{
    private LabPlan _plan = plan;

    public LabPlan Plan => _plan;

    /// <summary>Null where the nodes read their mesh from files.</summary>
    public LabControlPlane? ControlPlane => _plan.ControlPlane is { } control ? new LabControlPlane(this, control, programs.ControlPlane) : null;

    public LabDirectory Directory => store.Directory;

    public LabState State => store.State;

    /// <summary>A ready-made lab that is up.</summary>
    /// <exception cref="LabException">There is none of that name, or it has no ztunnels.</exception>
    public static RunningLab Open(LabOptions options, string name)
    {
        var store = new LabStore(new LabDirectory(options.Root, name));
        if (store.Load() is not { Subnet: { } subnet } state)
        {
            throw new LabException($"There is no lab {name}.", $"Bring it up: ambientctl lab up --name {name}");
        }

        return state.Processes.Any(process => process.Role == ProcessRole.Ztunnel)
            ? new RunningLab(LabPlan.Build(SpecOf(state), new LabSubnet(subnet)), store, LabPrograms.Find(options, state.HasControlPlane))
            : throw new LabException($"Lab {name} has no ztunnels.", "Bring it down, and up again without --plain.");
    }

    /// <summary>Starts a process that outlives this one. It is recorded before it becomes the program.</summary>
    public ProcessRecord Start(LabProcessSpec spec)
    {
        using GatedProcess process = GatedProcess.Start(spec);
        store.Update(state => state with { Processes = [.. state.Processes, process.Record] });
        process.Release();
        return process.Record;
    }

    /// <summary>Starts the ztunnel of a node and waits until it is ready.</summary>
    /// <param name="generation">0, or 1 for one that runs beside another of the node.</param>
    public async Task<ProcessRecord> StartZtunnelAsync(NodePlan node, int generation, CancellationToken cancellationToken)
    {
        ProcessRecord process = StartZtunnel(node, generation);
        await ZtunnelReadiness.WaitAsync(
            process, node.NamespacePath, ZtunnelSettings.PortOf(ZtunnelSettings.ReadinessPort, generation), Directory.ZtunnelLog(node.Name), cancellationToken);
        return process;
    }

    /// <summary>Starts the ztunnel of a node and returns at once.</summary>
    public ProcessRecord StartZtunnel(NodePlan node, int generation = 0)
    {
        Dictionary<string, string> settings = ZtunnelSettings.ForNode(Directory, node, State.HasAgents, generation);
        if (_plan.ControlPlane is { } control)
        {
            ZtunnelSettings.AddControlPlane(settings, Directory, node.Name, control);
        }

        if (_plan.Spec.ZtunnelsAreWorkloads)
        {
            ZtunnelSettings.AddSelf(settings, node.Name);
        }

        return Start(new LabProcessSpec(ProcessRole.Ztunnel, node.Name, [programs.Ztunnel], Directory.ZtunnelLog(node.Name))
        {
            NamespacePath = node.NamespacePath,
            Generation = generation,
            Environment = settings,
        });
    }

    /// <summary>Starts the ztunnel that a network gateway has for itself and waits until it is ready.</summary>
    public async Task StartGatewayAsync(PodPlan pod, CancellationToken cancellationToken)
    {
        string log = Directory.GatewayLog(pod.Spec.Name);
        ProcessRecord process = Start(new LabProcessSpec(ProcessRole.GatewayZtunnel, pod.Spec.Name, [programs.Ztunnel], log)
        {
            NamespacePath = pod.NamespacePath,
            Environment = ZtunnelSettings.ForGateway(Directory, pod),
        });
        await ZtunnelReadiness.WaitAsync(process, pod.NamespacePath, ZtunnelSettings.ReadinessPort, log, cancellationToken);
    }

    /// <summary>Starts the agent of a node, or its successor.</summary>
    public ProcessRecord StartAgent(NodePlan node) => Start(
        new LabProcessSpec(
            ProcessRole.NodeAgent,
            node.Name,
            [OwnProgram.Path, "probe", "node-agent", "--socket", Directory.AgentSocket(node.Name), "--pods", Directory.PodList(node.Name)],
            Directory.AgentLog(node.Name)));

    /// <summary>The pods that the ztunnel of a node serves from now on; redirection is not touched.</summary>
    public void SetPods(NodePlan node, IEnumerable<PodPlan> pods) => MeshDocument.Write(Directory.PodList(node.Name), PodListDocument.Render(pods));

    /// <summary>The latest ztunnel of a node.</summary>
    public ProcessRecord ZtunnelOf(NodePlan node) =>
        State.Processes.Last(process => process.Role == ProcessRole.Ztunnel && process.Owner == node.Name);

    /// <summary>Replaces the policies, in the manifest that the API server follows or in the mesh files that every ztunnel watches.</summary>
    public void SetPolicies(MeshPolicies policies)
    {
        if (_plan.ControlPlane is not null)
        {
            MeshDocument.Write(Directory.PolicyManifest, PolicyManifest.Render(policies));
            return;
        }

        foreach (string network in _plan.Spec.Networks)
        {
            MeshDocument.Write(Directory.MeshFileOf(network), MeshDocument.Render(_plan, policies, network));
        }
    }

    /// <summary>Writes down that it consists of this from now on, before what is new is made or after what is not in it was removed.</summary>
    internal void Adopt(LabPlan next)
    {
        store.Update(state =>
        {
            LabState records = LabRecords.Build(next);
            return state with { Namespaces = records.Namespaces, Cgroups = records.Cgroups, Pods = records.Pods, Replicas = records.Replicas };
        });
        _plan = next;
    }

    private static LabSpec SpecOf(LabState state) =>
        state.HasControlPlane ? StoreLab.WithReplicas(StoreLab.Build(state.Name), state.Replicas) : LabSpec.Of(state.Scenario, state.Name);
}
