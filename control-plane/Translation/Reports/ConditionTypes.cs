namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>The conditions that are written (control-plane-and-cni 5.12).</summary>
public static class ConditionTypes
{
    public const string WaypointBound = "istio.io/WaypointBound";
    public const string WaypointMissing = "istio.io/WaypointMissing";
    public const string VisibilityApplied = "istio.io/VisibilityApplied";
    public const string ZtunnelAccepted = "ZtunnelAccepted";
    public const string WaypointAccepted = "WaypointAccepted";
}
