using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>Everything in one namespace; it may hold objects before it is known itself.</summary>
internal sealed class NamespaceState(string name) : IWaypointUser
{
    private static readonly ObjectMeta Unknown = new();

    public string Name { get; } = name;

    /// <summary>Its labels and annotations; none while it is not known.</summary>
    public ObjectMeta Metadata { get; private set; } = Unknown;

    public bool IsKnown => !ReferenceEquals(Metadata, Unknown);

    public Dictionary<string, PodSource> Pods { get; } = [];

    public Dictionary<string, EntrySource> WorkloadEntries { get; } = [];

    /// <summary>Services and ServiceEntries by their keys.</summary>
    public Dictionary<ObjectKey, ServiceSource> Services { get; } = [];

    public Dictionary<string, SliceSource> Slices { get; } = [];

    public Dictionary<string, HashSet<SliceSource>> SlicesByService { get; } = [];

    /// <summary>The slices that make a pod an endpoint of a Service which selects none.</summary>
    public Dictionary<string, HashSet<SliceSource>> SlicesByPod { get; } = [];

    public LabelIndex Labels { get; } = new();

    public SelectorIndex Selectors { get; } = new();

    /// <summary>PeerAuthentications by name.</summary>
    public Dictionary<string, PeerSource> Peers { get; } = [];

    public ImmutableArray<GatewayName> ConsultedGateways { get; set; } = [];

    public bool IsEmpty => !IsKnown && Pods.Count + WorkloadEntries.Count + Services.Count + Slices.Count + Labels.Groups.Count + Peers.Count == 0
        && Selectors.IsEmpty;

    /// <summary>Puts a workload among those with the same labels.</summary>
    public void Join(LabelSet labels, LabeledWorkload workload, PendingWork pending)
    {
        LabelGroup? group = Labels.Find(labels);
        if (group is null)
        {
            group = new LabelGroup(this, labels);
            Labels.Add(group);
            pending.Groups.Add(group);
        }

        group.Add(workload);
    }

    public void Know(ObjectMeta? metadata) => Metadata = metadata ?? Unknown;
}
