using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;

namespace Ambient.ControlPlane.Statuses;

/// <summary>In whose name each condition is written (control-plane-and-cni 5.12): a writer of a condition owns it alone.</summary>
public static class FieldManagers
{
    public const string Service = "istio-ambient-service";
    public const string WorkloadEntry = "istio-ambient-workloadentry";
    public const string ZtunnelPolicy = "istio-ambient-ztunnel-policy";
    public const string WaypointPolicy = "istio-ambient-waypoint-policy";

    /// <summary>What is written beside conditions.</summary>
    public const string Addresses = "istio-ip-autoallocate";

    private static readonly string[] ServiceConditions = [ConditionTypes.WaypointBound, ConditionTypes.WaypointMissing, ConditionTypes.VisibilityApplied];

    /// <summary>Each manager of a kind, with the conditions that are its own; none for a kind whose status is another's.</summary>
    public static IReadOnlyList<(string Manager, IReadOnlyList<string> Conditions)> Of(ObjectKind kind) => kind switch
    {
        ObjectKind.Service or ObjectKind.ServiceEntry => [(Service, ServiceConditions)],
        ObjectKind.WorkloadEntry => [(WorkloadEntry, [ConditionTypes.WaypointBound])],
        ObjectKind.AuthorizationPolicy => [(ZtunnelPolicy, [ConditionTypes.ZtunnelAccepted]), (WaypointPolicy, [ConditionTypes.WaypointAccepted])],
        _ => [],
    };

    public static bool Owns(ObjectKind kind, string condition) => Of(kind).Any(manager => manager.Conditions.Contains(condition));
}
