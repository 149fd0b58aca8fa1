using System.Collections.Immutable;

namespace Ambient.Mesh.Policies;

/// <summary>Any of the matches suffices. Without matches it holds; with only empty matches it does not (node-proxy 4.4).</summary>
public sealed record PolicyClause(ImmutableArray<PolicyMatch> Matches)
{
    public bool Holds(AuthorizationRequest request)
    {
        foreach (PolicyMatch match in Matches)
        {
            if (match.Matches(request))
            {
                return true;
            }
        }

        return Matches.IsEmpty;
    }
}
