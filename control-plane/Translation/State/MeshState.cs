using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Kube.Resources.Gateways;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>All objects as they are after the last change, with what is needed to find those that a change affects.</summary>
internal sealed class MeshState
{
    private readonly Dictionary<string, NamespaceState> _namespaces = [];

    public IReadOnlyCollection<NamespaceState> Namespaces => _namespaces.Values;

    public Dictionary<string, NodeState> Nodes { get; } = [];

    public Dictionary<GatewayName, Gateway> Gateways { get; } = [];

    public Dictionary<string, GatewayClass> GatewayClasses { get; } = [];

    /// <summary>Gateways as waypoints.</summary>
    public Dictionary<GatewayName, WaypointGateway> Waypoints { get; } = [];

    public WaypointUsers WaypointUsers { get; } = new();

    /// <summary>Who declares a host name.</summary>
    public Dictionary<string, List<HostClaim>> Hostnames { get; } = [];

    public Dictionary<ObjectKey, PolicySource> Policies { get; } = [];

    /// <summary>AuthorizationPolicies by what they are attached to.</summary>
    public Dictionary<ObjectKey, HashSet<PolicySource>> PoliciesByTarget { get; } = [];

    /// <summary>How many PeerAuthentications there are.</summary>
    public int PeerCount { get; set; }

    /// <summary>The network of the cluster.</summary>
    public string Network { get; set; } = "";

    public NamespaceState Home(string name)
    {
        if (!_namespaces.TryGetValue(name, out NamespaceState? home))
        {
            _namespaces.Add(name, home = new NamespaceState(name));
        }

        return home;
    }

    public NamespaceState? FindHome(string name) => _namespaces.GetValueOrDefault(name);

    public void DropHome(NamespaceState home)
    {
        WaypointUsers.Remove(home);
        _namespaces.Remove(home.Name);
    }

    public ServiceSource? FindService(ObjectKey key) => FindHome(key.Namespace)?.Services.GetValueOrDefault(key);

    public void Leave(LabeledWorkload workload, PendingWork pending)
    {
        LabelGroup group = workload.Group!;
        group.Remove(workload);
        if (group.Members.Count == 0)
        {
            group.Home.Labels.Remove(group);
            WaypointUsers.Remove(group);
            pending.Groups.Remove(group);
        }
    }
}
