using System.Collections.Immutable;

namespace Ambient.Mesh.Policies;

/// <summary>Every clause must hold; a rule without clauses holds (node-proxy 4.4).</summary>
public sealed record PolicyRule(ImmutableArray<PolicyClause> Clauses)
{
    public bool Holds(AuthorizationRequest request)
    {
        foreach (PolicyClause clause in Clauses)
        {
            if (!clause.Holds(request))
            {
                return false;
            }
        }

        return true;
    }
}
