using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;

namespace Ambient.ControlPlane.Translation.Selection;

/// <summary>
/// The workloads of a namespace whose labels are equal. What follows from labels (services, policies, the waypoint) is found once for all
/// of them, and they are looked at again only when it differs.
/// </summary>
internal sealed class LabelGroup(NamespaceState home, LabelSet labels) : IWaypointUser
{
    private readonly List<LabeledWorkload> _members = [];

    public NamespaceState Home { get; } = home;

    public LabelSet Labels { get; } = labels;

    public IReadOnlyList<LabeledWorkload> Members => _members;

    /// <summary>The services and service entries that select these labels, in order.</summary>
    public ImmutableArray<ServiceSource> Services { get; set; } = [];

    /// <summary>The names of the policies that the workloads list, in order.</summary>
    public ImmutableArray<string> Policies { get; set; } = [];

    public WaypointBinding Waypoint { get; set; } = WaypointBinding.None;

    /// <summary>How a workload that is itself a waypoint is handed its connections; null for any other.</summary>
    public WaypointInstance? Instance { get; set; }

    public ImmutableArray<GatewayName> ConsultedGateways { get; set; } = [];

    public void Add(LabeledWorkload member)
    {
        member.Group = this;
        member.Slot = _members.Count;
        _members.Add(member);
    }

    public void Remove(LabeledWorkload member)
    {
        LabeledWorkload last = _members[^1];
        _members[member.Slot] = last;
        last.Slot = member.Slot;
        _members.RemoveAt(_members.Count - 1);
    }
}
