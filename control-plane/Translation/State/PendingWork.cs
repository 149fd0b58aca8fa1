using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Waypoints;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>What the changes of a batch can affect, to be translated again once all of them are in.</summary>
internal sealed class PendingWork
{
    public HashSet<NamespaceState> Namespaces { get; } = [];

    /// <summary>Namespaces that may have become empty.</summary>
    public HashSet<NamespaceState> Emptied { get; } = [];

    public HashSet<GatewayName> Gateways { get; } = [];

    public HashSet<string> Hostnames { get; } = [];

    public HashSet<ServiceSource> Services { get; } = [];

    /// <summary>Names of services as resources: namespace, then host name.</summary>
    public HashSet<(string Namespace, string Hostname)> ServiceNames { get; } = [];

    public HashSet<LabelGroup> Groups { get; } = [];

    public HashSet<LabeledWorkload> Workloads { get; } = [];

    public HashSet<SliceSource> Slices { get; } = [];

    /// <summary>Objects to which AuthorizationPolicies may be attached.</summary>
    public HashSet<ObjectKey> Targets { get; } = [];

    /// <summary>Attached AuthorizationPolicies that changed.</summary>
    public HashSet<PolicySource> AttachedPolicies { get; } = [];

    public HashSet<PeerSource> Peers { get; } = [];

    public bool PeersChanged { get; set; }

    public bool NetworkGateways { get; set; }

    public bool Allocations { get; set; }

    public void AddMembers(LabelGroup group) => Workloads.UnionWith(group.Members);

    /// <summary>Translates again whoever looked for a Gateway.</summary>
    public void Add(IWaypointUser user)
    {
        switch (user)
        {
            case ServiceSource service:
                Services.Add(service);
                break;
            case LabelGroup group:
                Groups.Add(group);
                break;
            case NamespaceState home:
                Namespaces.Add(home);
                break;
        }
    }

    public void Clear()
    {
        Namespaces.Clear();
        Emptied.Clear();
        Gateways.Clear();
        Hostnames.Clear();
        Services.Clear();
        ServiceNames.Clear();
        Groups.Clear();
        Workloads.Clear();
        Slices.Clear();
        Targets.Clear();
        AttachedPolicies.Clear();
        Peers.Clear();
        PeersChanged = false;
        NetworkGateways = false;
        Allocations = false;
    }
}
