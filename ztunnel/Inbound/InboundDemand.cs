using Ambient.Ztunnel.OnDemand;

namespace Ambient.Ztunnel.Inbound;

/// <summary>What a CONNECT request stands for, where the mesh is learnt on demand (node-proxy 2.4, 3.3).</summary>
internal static class InboundDemand
{
    public static ValueTask<InboundRoute> DecideAsync(DemandedMesh mesh, InboundRouter router, InboundRequest request) => mesh.DecideAsync(
        (snapshot, asked) => router.Decide(snapshot, request, asked),
        static route => (route as UndecidedRequest)?.Demand,
        InboundRouter.Unknowable);
}
