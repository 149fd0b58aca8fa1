using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Admin;

/// <summary>Notes in <see cref="AppliedObjects"/> what went out.</summary>
internal sealed class AppliedRecorder(AppliedObjects applied, ResourceCache cache) : IUpdateListener
{
    public void Updated(IReadOnlyList<ObjectChange> batch, TranslationResult result) => applied.Note(batch, result.Mesh, cache);
}
