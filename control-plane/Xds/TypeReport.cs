namespace Ambient.ControlPlane.Xds;

/// <summary>How far a proxy is with one type.</summary>
/// <param name="TypeUrl">The type.</param>
/// <param name="IsWildcard">Whether it takes everything, or by name.</param>
/// <param name="Sent">The place, in the order of changes, up to which it was sent.</param>
/// <param name="Accepted">The place up to which it has accepted.</param>
/// <param name="Refusals">Responses it refused since it connected.</param>
/// <param name="LastRefusal">Why it refused the last of them; "" when it refused none.</param>
public sealed record TypeReport(string TypeUrl, bool IsWildcard, long Sent, long Accepted, int Refusals, string LastRefusal);
