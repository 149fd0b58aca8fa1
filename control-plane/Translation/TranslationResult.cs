using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Services;

namespace Ambient.ControlPlane.Translation;

/// <summary>What a batch of object changes leads to. Writing it down is for others.</summary>
/// <param name="Mesh">What nodes are told.</param>
/// <param name="Statuses">Conditions that are new, differ or no longer hold.</param>
/// <param name="Events">What was found of objects that have no condition for it, each once for as long as it holds.</param>
/// <param name="Allocations">The addresses that ServiceEntries still wait for, all of them after every batch.</param>
public sealed record TranslationResult(
    MeshChange Mesh,
    IReadOnlyList<StatusChange> Statuses,
    IReadOnlyList<ObjectEvent> Events,
    IReadOnlyList<AddressAllocation> Allocations);
