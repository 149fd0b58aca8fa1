namespace Ambient.ControlPlane.Distribution;

/// <summary>What a batch of object changes did to the mesh: applied whole or not at all, so that no node sees half of it.</summary>
/// <param name="Changed">Resources that are new or differ from what was published before.</param>
/// <param name="Removed">Resources that are gone.</param>
public sealed record MeshChange(IReadOnlyList<MeshResource> Changed, IReadOnlyList<ResourceKey> Removed);
