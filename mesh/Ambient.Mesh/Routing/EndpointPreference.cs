using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Routing;

/// <summary>Ranks an endpoint for a client by a service's routing preferences (node-proxy 2.3.2).</summary>
internal static class EndpointPreference
{
    /// <summary>
    /// The number of leading preferences that match. Network as the first preference is special: a mismatch is stepped over instead
    /// of ending the count, and a match puts the endpoint above every endpoint of another network.
    /// </summary>
    public static int Rank(LoadBalancer balancer, Workload client, Workload candidate)
    {
        int matches = LeadingMatches(balancer, client, candidate);
        bool sameNetworkFirst = balancer.RoutingPreferences is [RoutingScope.Network, ..] && client.Network == candidate.Network;
        return sameNetworkFirst ? matches + balancer.RoutingPreferences.Length - 1 : matches;
    }

    public static bool MatchesAll(LoadBalancer balancer, Workload client, Workload candidate) =>
        LeadingMatches(balancer, client, candidate) == balancer.RoutingPreferences.Length;

    private static int LeadingMatches(LoadBalancer balancer, Workload client, Workload candidate)
    {
        int matches = 0;
        for (int index = 0; index < balancer.RoutingPreferences.Length; index++)
        {
            RoutingScope scope = balancer.RoutingPreferences[index];
            if (IsSame(scope, client, candidate))
            {
                matches++;
            }
            else if (index > 0 || scope != RoutingScope.Network)
            {
                break;
            }
        }

        return matches;
    }

    private static bool IsSame(RoutingScope scope, Workload client, Workload candidate) => scope switch
    {
        RoutingScope.Region => client.Locality.Region == candidate.Locality.Region,
        RoutingScope.Zone => client.Locality.Zone == candidate.Locality.Zone,
        RoutingScope.Subzone => client.Locality.Subzone == candidate.Locality.Subzone,
        RoutingScope.Node => client.Node == candidate.Node,
        RoutingScope.Cluster => client.ClusterId == candidate.ClusterId,
        RoutingScope.Network => client.Network == candidate.Network,
        _ => false,
    };
}
