using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>What there is to say of the waypoint of an object (control-plane-and-cni 5.12).</summary>
internal static class WaypointReports
{
    private static readonly ImmutableArray<string> Types =
        [ConditionTypes.WaypointBound, ConditionTypes.WaypointMissing, ConditionTypes.VisibilityApplied];

    /// <param name="namesIngress">Whether ingress gateways may go through it.</param>
    public static void Say(ObjectReport report, WaypointBinding binding, bool namesIngress)
    {
        if (binding.Reason is { } reason)
        {
            report.Say(ConditionTypes.WaypointBound, false, reason, binding.Message, problem: true);
        }
        else if (binding.Address is not null)
        {
            report.Say(ConditionTypes.WaypointBound, true, Reasons.WaypointAccepted, Accepted(binding, namesIngress), binding.CanaryReason is not null);
        }
    }

    /// <summary>Notes which of these conditions the object carries.</summary>
    public static void Carry(ObjectReport report, ImmutableArray<Condition> conditions) =>
        report.Carried.AddRange(conditions.Select(condition => condition.Type).Where(type => Types.Contains(type)));

    private static string Accepted(WaypointBinding binding, bool namesIngress)
    {
        string message = $"waypoint {binding.Asked} is used";
        if (namesIngress)
        {
            message += binding.Ingress
                ? ", by ingress gateways too"
                : $"; ingress gateways go past it unless {MeshLabels.IngressUseWaypoint} is true";
        }

        if (binding.Canary is not null)
        {
            message += $"; {binding.CanaryWeight} % of connections go to {binding.Canary}";
        }

        return binding.CanaryReason is null ? message : $"{message}; all connections go to it ({binding.CanaryReason}: {binding.CanaryMessage})";
    }
}
