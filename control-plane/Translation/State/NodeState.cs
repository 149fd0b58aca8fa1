using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>A node and the pods on it; it may have pods before it is known itself.</summary>
internal sealed class NodeState
{
    public LocalityMessage? Locality { get; set; }

    public HashSet<PodSource> Pods { get; } = [];
}
