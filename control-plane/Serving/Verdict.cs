using Ambient.ControlPlane.Xds;

namespace Ambient.ControlPlane.Serving;

/// <summary>What a way of authentication says of a call. The reason is for our log: the caller learns nothing of it.</summary>
/// <param name="Caller">Who it is; null when the credential was not accepted, or there is none of the kind.</param>
/// <param name="Reason">Why not; "" when it was accepted.</param>
public readonly record struct Verdict(CallerIdentity? Caller, string Reason)
{
    public static Verdict Accept(CallerIdentity caller) => new(caller, string.Empty);

    public static Verdict Refuse(string reason) => new(null, reason);
}
