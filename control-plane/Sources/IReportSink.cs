using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Sources;

/// <summary>Takes what is to be said of objects. Must not block: the mesh waits for it.</summary>
public interface IReportSink
{
    /// <param name="batch">The changes that were translated.</param>
    /// <param name="result">What they led to.</param>
    void Take(IReadOnlyList<ObjectChange> batch, TranslationResult result);
}
