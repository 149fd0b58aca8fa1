namespace Ambient.Mesh.Policies;

/// <summary>What happened while policies were evaluated, in the words of the policy log (node-proxy 4.3).</summary>
public enum AuthorizationEvent
{
    DryRunDenyMatch,
    DenyMatch,
    DryRunAllowMatch,
    DryRunNoAllowMatch,
    NoAllowPolicies,
    AllowMatch,
    NoAllowMatch,

    /// <summary>The workload names a policy that is not known; it is skipped.</summary>
    UnknownPolicy,
}
