namespace Ambient.Mesh.Policies;

/// <summary>One line of the policy log.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Policy">The policy's <c>namespace/name</c>, or null where the line is about no single policy.</param>
public readonly record struct AuthorizationNote(AuthorizationEvent Event, string? Policy)
{
    /// <summary>The log text that operators match on.</summary>
    public string Text => Event switch
    {
        AuthorizationEvent.DryRunDenyMatch => "dry-run: deny policy match",
        AuthorizationEvent.DenyMatch => "deny policy match",
        AuthorizationEvent.DryRunAllowMatch => "dry-run: allow policy match",
        AuthorizationEvent.DryRunNoAllowMatch => "dry-run: no allow policies match",
        AuthorizationEvent.NoAllowPolicies => "no allow policies, allow",
        AuthorizationEvent.AllowMatch => "allow policy match",
        AuthorizationEvent.NoAllowMatch => "no allow policies matched",
        _ => $"skipping unknown policy {Policy}",
    };
}
