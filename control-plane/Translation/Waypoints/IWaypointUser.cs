using System.Collections.Immutable;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>Something whose translation looked for Gateways, found or not: it is done again when one of them changes.</summary>
internal interface IWaypointUser
{
    ImmutableArray<GatewayName> ConsultedGateways { get; set; }
}
