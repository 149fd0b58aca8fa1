using System.Collections.Immutable;

namespace Ambient.Mesh.Services;

/// <summary>How an endpoint of a service is chosen (node-proxy 2.3.2).</summary>
public sealed record LoadBalancer(
    ImmutableArray<RoutingScope> RoutingPreferences,
    LoadBalancerMode Mode,
    HealthPolicy HealthPolicy);
