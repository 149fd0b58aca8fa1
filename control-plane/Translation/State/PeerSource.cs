using Ambient.ControlPlane.Translation.Selection;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>A PeerAuthentication.</summary>
/// <param name="selector">The workloads it is for; empty when it is for the namespace, or the mesh.</param>
internal sealed class PeerSource(ObjectKey key, PeerAuthentication policy, LabelSet selector) : ISelecting
{
    public ObjectKey Key { get; } = key;

    public PeerAuthentication Policy { get; } = policy;

    public LabelSet Selector { get; } = selector;

    /// <summary>The order in which policies of one scope count: the oldest alone does.</summary>
    public static int CompareAge(PeerSource left, PeerSource right)
    {
        int order = (left.Policy.Metadata.CreationTimestamp ?? default).CompareTo(right.Policy.Metadata.CreationTimestamp ?? default);
        return order != 0 ? order : left.Key.CompareTo(right.Key);
    }
}
