using Ambient.Ztunnel.OnDemand;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Nothing is decided before the control plane was asked for this; only where the mesh is learnt on demand (node-proxy 2.4 step 3).</summary>
internal sealed record UndecidedRequest(ResourceDemand Demand) : InboundRoute;
