using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Sources;

/// <summary>Told of each batch, after what it leads to was published. Must not block: the mesh waits for it.</summary>
public interface IUpdateListener
{
    /// <param name="batch">The changes that were translated.</param>
    /// <param name="result">What they led to.</param>
    void Updated(IReadOnlyList<ObjectChange> batch, TranslationResult result);
}
