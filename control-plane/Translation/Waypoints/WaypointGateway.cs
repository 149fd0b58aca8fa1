using Ambient.Kube.Resources.Gateways;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>A Gateway as a waypoint.</summary>
/// <param name="Name">Which Gateway.</param>
/// <param name="Address">Where it is reached; null until its status has an address, and then it does not count.</param>
/// <param name="Traffic">What it takes.</param>
/// <param name="Attachment">From where one may attach.</param>
/// <param name="Instance">How its pods are handed connections.</param>
/// <param name="ServiceAccount">The account its pods run as.</param>
internal sealed record WaypointGateway(
    GatewayName Name,
    GatewayAddressMessage? Address,
    WaypointTraffic Traffic,
    RouteNamespaces Attachment,
    WaypointInstance Instance,
    string ServiceAccount);
