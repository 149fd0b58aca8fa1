using Ambient.Ztunnel.OnDemand;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Nothing is decided before the control plane was asked for this; only where the mesh is learnt on demand (node-proxy 3.3).</summary>
internal sealed record UndecidedRoute(ResourceDemand Demand) : OutboundRoute;
