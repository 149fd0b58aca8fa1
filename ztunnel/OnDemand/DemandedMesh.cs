using Ambient.Mesh.State;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Outbound;

namespace Ambient.Ztunnel.OnDemand;

/// <summary>The mesh as decisions see it where it is learnt on demand: asked for what they lack until they can be made (node-proxy 3.3).</summary>
internal sealed class DemandedMesh(MeshStore store, IOnDemandResources resources, TimeProvider time)
{
    /// <summary>False when the whole mesh is known: then a decision needs no more than <see cref="Current"/>.</summary>
    public bool IsActive => resources.IsActive;

    public MeshSnapshot Current => store.Current;

    public async ValueTask<OutboundRoute> DecideAsync(OutboundRouter router, OutboundRequest request)
    {
        using DemandRounds rounds = new(resources, time);

        // The same dice in every round: which waypoint of a weighted set is used is drawn once per connection (node-proxy 2.3.3).
        int seed = Random.Shared.Next();
        while (true)
        {
            OutboundRoute route = router.Decide(store.Current, request, new Random(seed), rounds.Asked);
            if (route is not UndecidedRoute undecided)
            {
                return route;
            }

            if (await rounds.AskAsync(undecided.Demand) is { } failure)
            {
                return new RefusedRoute(failure.Reason, failure.Message, failure.Hint);
            }
        }
    }

    public async ValueTask<InboundRoute> DecideAsync(InboundRouter router, InboundRequest request)
    {
        using DemandRounds rounds = new(resources, time);
        while (true)
        {
            InboundRoute route = router.Decide(store.Current, request, rounds.Asked);
            if (route is not UndecidedRequest undecided)
            {
                return route;
            }

            if (await rounds.AskAsync(undecided.Demand) is { } failure)
            {
                return InboundRouter.Unknowable(failure);
            }
        }
    }
}
