namespace Ambient.ControlPlane.Xds;

/// <summary>What one response says.</summary>
/// <param name="Resources">New and changed ones.</param>
/// <param name="Removed">Names under which nothing is there any more.</param>
/// <param name="Sequence">How far in the order of changes the proxy is, once it has accepted the response.</param>
internal sealed record Push(IReadOnlyList<PushedResource> Resources, IReadOnlyList<string> Removed, long Sequence)
{
    public bool IsEmpty => Resources.Count == 0 && Removed.Count == 0;
}
