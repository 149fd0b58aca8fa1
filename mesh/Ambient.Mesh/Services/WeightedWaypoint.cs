namespace Ambient.Mesh.Services;

/// <summary>One member of a set of waypoints sampled per connection; weight 0 is never chosen.</summary>
public sealed record WeightedWaypoint(GatewayAddress Destination, uint Weight);
