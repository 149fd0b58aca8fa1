using Ambient.Lab.Processes;

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

    public IReadOnlyList<NodeRecord> Nodes { get; init; } = [];

    public IReadOnlyList<PodRecord> Pods { get; init; } = [];

    public IReadOnlyList<ServiceRecord> Services { get; init; } = [];
}
