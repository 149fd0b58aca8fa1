using System.Collections.Immutable;

namespace Ambient.Mesh.Policies;

/// <summary>An authorization policy (node-proxy 3.7.6). Any rule suffices; a policy without rules never matches.</summary>
public sealed record AuthorizationPolicy
{
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public PolicyScope Scope { get; init; }

    public PolicyAction Action { get; init; }

    public ImmutableArray<PolicyRule> Rules { get; init; } = [];

    /// <summary>Evaluated and reported, never enforced.</summary>
    public bool DryRun { get; init; }

    /// <summary><c>namespace/name</c>: the name in rejections and the key in a local file.</summary>
    public string Key => $"{Namespace}/{Name}";

    public bool Matches(AuthorizationRequest request)
    {
        foreach (PolicyRule rule in Rules)
        {
            if (rule.Holds(request))
            {
                return true;
            }
        }

        return false;
    }
}
