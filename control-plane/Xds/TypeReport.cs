namespace Ambient.ControlPlane.Xds;

/// <summary>How far a proxy is with one type.</summary>
/// <param name="TypeUrl">The type.</param>
/// <param name="IsWildcard">Whether it takes everything, or by name.</param>
/// <param name="Sent">The place, in the order of changes, up to which it was sent.</param>
/// <param name="Accepted">The place up to which it has accepted.</param>
/// <param name="Refusals">Responses it refused since it connected.</param>
/// <param name="LastRefusal">Why it refused the last of them; "" when it refused none.</param>
public sealed record TypeReport(string TypeUrl, bool IsWildcard, long Sent, long Accepted, int Refusals, string LastRefusal)
{
    /// <summary>The response that was refused last held the changes after this place …</summary>
    public long RefusedAfter { get; init; }

    /// <summary>… up to this one: they are not in force there, whatever was accepted later.</summary>
    public long RefusedUpTo { get; init; }

    /// <summary>Whether the change at a place was in the response that was refused last.</summary>
    public bool HasRefused(long sequence) => sequence > RefusedAfter && sequence <= RefusedUpTo;
}
