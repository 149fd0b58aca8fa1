using Ambient.Lab.Processes;
using Ambient.Lab.Specs;

namespace Ambient.Lab.State;

/// <summary>
/// What a lab owns. Written before each thing is made, so that after a crash it names at least everything that exists.
/// </summary>
public sealed record LabState(string Name, LabPhase Phase)
{
    /// <summary>Null until a subnet is chosen.</summary>
    public int? Subnet { get; init; }

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Directories, parents before children.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    public IReadOnlyList<ProcessRecord> Processes { get; init; } = [];

    /// <summary>What it was built from.</summary>
    public LabScenario Scenario { get; init; }

    /// <summary>Its ztunnels are told of their pods by node agents, not by files.</summary>
    public bool HasAgents { get; init; }

    /// <summary>Its ztunnels are told of the mesh by a control plane, not by files; see <see cref="StoreLab"/>.</summary>
    public bool HasControlPlane { get; init; }

    /// <summary>Pods behind the service that can be scaled.</summary>
    public int Replicas { get; init; }

    public IReadOnlyList<NodeRecord> Nodes { get; init; } = [];

    public IReadOnlyList<PodRecord> Pods { get; init; } = [];

    public IReadOnlyList<ServiceRecord> Services { get; init; } = [];

    /// <summary>Enrolled pods whose redirection a measurement has taken away, or is about to; empty at all other times.</summary>
    public IReadOnlyList<string> PausedPods { get; init; } = [];

    /// <summary>A pod by its name or NAMESPACE/NAME.</summary>
    public PodRecord? FindPod(string name) => Pods.FirstOrDefault(pod => pod.Name == name || $"{pod.Namespace}/{pod.Name}" == name);
}
