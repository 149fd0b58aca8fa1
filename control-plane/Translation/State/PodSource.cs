using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Workloads;
using Ambient.Mesh.Addresses;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>What is kept of a pod: there are hundreds of thousands.</summary>
internal sealed class PodSource : LabeledWorkload
{
    public required NamespaceState Home { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required string Node { get; init; }

    public required string ServiceAccount { get; init; }

    public required string WorkloadName { get; init; }

    public required ImmutableArray<MeshIp> Addresses { get; init; }

    /// <summary>The named ports of its containers.</summary>
    public required PortNames Ports { get; init; }

    public required PodFlags Flags { get; init; }

    /// <summary>An address that is none, to be reported; null when all are.</summary>
    public string? InvalidAddress { get; init; }

    public ObjectKey Key => new(ObjectKind.Pod, Home.Name, Name);
}
