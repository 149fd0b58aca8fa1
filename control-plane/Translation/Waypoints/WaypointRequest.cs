using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>What of an object says which waypoint it wants.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="NamespaceMetadata">The labels and annotations of that namespace.</param>
/// <param name="Labels">Its own labels.</param>
/// <param name="Annotations">Its own annotations.</param>
/// <param name="Traffic">How it is addressed: as a service or as a workload.</param>
internal sealed record WaypointRequest(
    string Namespace, ObjectMeta NamespaceMetadata, LabelSet Labels, ImmutableDictionary<string, string> Annotations, WaypointTraffic Traffic)
{
    /// <summary>Whether the waypoint must be in the same namespace: the object is visible there alone.</summary>
    public bool OwnNamespaceOnly { get; init; }
}
