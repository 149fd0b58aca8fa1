namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>What a waypoint takes: traffic to the address of a service, to that of a workload (control-plane-and-cni 7.2).</summary>
[Flags]
internal enum WaypointTraffic
{
    None = 0,
    Service = 1,
    Workload = 2,
    All = Service | Workload,
}
