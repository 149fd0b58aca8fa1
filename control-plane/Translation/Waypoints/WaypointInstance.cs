using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>How the pods of a waypoint are handed connections.</summary>
/// <param name="Tunnel">By which protocol, and on which port; null where they serve HBONE themselves.</param>
internal sealed record WaypointInstance(ApplicationTunnelMessage? Tunnel);
