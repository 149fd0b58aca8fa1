using Ambient.Ztunnel.OnDemand;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Where an application's connection goes, where the mesh is learnt on demand (node-proxy 2.3, 3.3).</summary>
internal static class OutboundDemand
{
    public static ValueTask<OutboundRoute> DecideAsync(DemandedMesh mesh, OutboundRouter router, OutboundRequest request)
    {
        // The same dice in every round: which waypoint of a weighted set is used is drawn once per connection (node-proxy 2.3.3).
        int seed = Random.Shared.Next();
        return mesh.DecideAsync(
            (snapshot, asked) => router.Decide(snapshot, request, new Random(seed), asked),
            static route => (route as UndecidedRoute)?.Demand,
            static failure => new RefusedRoute(failure.Reason, failure.Message, failure.Hint));
    }
}
