namespace Ambient.ControlPlane.Sources;

/// <summary>How long changes are collected before they are worked on together.</summary>
/// <param name="Quiet">Until so long after the last change.</param>
/// <param name="Longest">At most so long after the first one.</param>
public sealed record DebounceTimes(TimeSpan Quiet, TimeSpan Longest)
{
    /// <summary>
    /// Shorter than istiod's 100 ms and 10 s (control-plane-and-cni 5.11): work is in proportion to the change, so that waiting for more
    /// saves little.
    /// </summary>
    public static DebounceTimes Default { get; } = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
}
