using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Sources;

/// <summary>Changes that are worked on together.</summary>
/// <param name="Changes">The last change of each object, in no order.</param>
/// <param name="FirstAt">When the first of them came, as a timestamp of the clock.</param>
public sealed record ChangeBatch(IReadOnlyList<ObjectChange> Changes, long FirstAt);
